package org.jbootd.files.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real web server on the loopback, which answers well or badly, and writes down what it was asked. */
final class Origin implements AutoCloseable {

    private final Map<String, HttpHandler> files = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    Origin() throws IOException {
        start(0);
    }

    private void start(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().toString();
        String range = exchange.getRequestHeaders().getFirst("Range");
        asked.add(exchange.getRequestMethod() + " " + name + (range == null ? "" : " " + range));
        try (exchange) {
            files.getOrDefault(name, missing -> missing.sendResponseHeaders(404, -1))
                    .handle(exchange);
        }
    }

    String url() {
        return "http://localhost:" + port();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Requests so far: method, target, range. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** How often a file that is served as good servers do was sent from its beginning. */
    long timesSent(String target) {
        return sent.stream().filter(target::equals).count();
    }

    /** @param target as it stands in the request line */
    void serve(String target, HttpHandler handler) {
        files.put(target, handler);
    }

    void remove(String target) {
        files.remove(target);
    }

    /** A file as good servers have it: with its length, a version, and ranges. */
    void serve(String target, byte[] content, String etag) {
        serve(target, exchange -> {
            exchange.getResponseHeaders().set("ETag", etag);
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            int from = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                    .filter(range -> etag.equals(exchange.getRequestHeaders().getFirst("If-Range")))
                    .map(range -> Integer.parseInt(range.replaceAll("\\D", "")))
                    .orElse(0);
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            if (from == 0) {
                sent.add(target);
            }
            int length = content.length - from;
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, length == 0 ? -1 : length);
            exchange.getResponseBody().write(content, from, length);
        });
    }

    static byte[] content(int octets) {
        byte[] content = new byte[octets];
        new Random(octets).nextBytes(content);
        return content;
    }

    /** From now on connections are refused. */
    void goAway() {
        server.stop(0);
    }

    void comeBack() throws IOException {
        start(port());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

package org.jbootd.app.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jbootd.app.FreePorts;
import org.jbootd.app.demo.StepFailed;
import org.jbootd.app.demo.TftpDownload;
import org.jbootd.domain.net.Ipv4;

/** A web server with files below {@code /r/}, and a directory with a configuration whose root it is. */
final class Mirror implements AutoCloseable {

    private static final String BELOW = "/r/";

    private final Path directory;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final HttpServer server;
    private final int tftpPort;

    Mirror(Path directory) throws IOException {
        this.directory = directory;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        tftpPort = FreePorts.free();
        Files.createDirectory(copies());
        configure("");
    }

    /** @param sections behind {@code [tftp]} */
    void configure(String sections) throws IOException {
        Files.writeString(directory.resolve("jbootd.ini"), """
                [tftp]
                root = %s
                cache_dir = copies
                address = 127.0.0.1
                port = %d
                %s
                """.formatted(url(), tftpPort, sections));
    }

    /** In the file's name {@code half} stands for one that stops in the middle, until {@link #goOn}. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] content = files.get(path);
        String etag = "\"" + (content == null ? 0 : content.length) + "\"";
        try (exchange) {
            exchange.getResponseHeaders().set("ETag", etag);
            if (content == null || etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(content == null ? 404 : 304, -1);
                return;
            }
            sent.add(path);
            exchange.sendResponseHeaders(200, content.length);
            int half = path.contains("half") ? content.length / 2 : 0;
            exchange.getResponseBody().write(content, 0, half);
            if (half > 0) {
                exchange.getResponseBody().flush();
                gate.await(DaemonLab.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            exchange.getResponseBody().write(content, half, content.length - half);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Its version is its length. */
    byte[] file(String name, int octets) {
        byte[] content = new byte[octets];
        new Random(octets).nextBytes(content);
        files.put(BELOW + name, content);
        return content;
    }

    void remove(String name) {
        files.remove(BELOW + name);
    }

    void goOn() {
        gate.countDown();
    }

    void goAway() {
        server.stop(0);
    }

    /** How often the content of a file was sent, or begun to be. */
    long timesSent(String name) {
        return sent.stream().filter((BELOW + name)::equals).count();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/r";
    }

    Path copies() {
        return directory.resolve("copies");
    }

    int tftpPort() {
        return tftpPort;
    }

    /** By TFTP, from the daemon. */
    byte[] load(String name) throws IOException, StepFailed {
        try (TftpDownload download =
                new TftpDownload(Ipv4.parse("127.0.0.1"), new InetSocketAddress("127.0.0.1", tftpPort))) {
            return download.read(name, 1428, 16, DaemonLab.PATIENCE).content();
        }
    }

    Child daemon() throws IOException, InterruptedException {
        return daemon(java.util.List.of());
    }

    Child daemon(java.util.List<String> prefix) throws IOException, InterruptedException {
        Child child = Child.start(prefix, directory, "-t", "-c", "jbootd.ini");
        child.await("ready, ");
        return child;
    }

    @Override
    public void close() {
        goOn();
        server.stop(0);
        threads.shutdownNow();
    }
}

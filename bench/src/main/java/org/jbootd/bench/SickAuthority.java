package org.jbootd.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Authorities on the loopback interface, each with an illness of its own; all of them run at the same time. */
final class SickAuthority implements AutoCloseable {

    static final String TRUSTED = "trusted.pem";

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final byte[] GRANT = "Client: granted\n".getBytes();
    private static final int CALLS_AT_ONCE = 256;

    private final Path directory;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);

    /** @param directory for certificates: {@link #TRUSTED} is one that none of the authorities has */
    SickAuthority(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each answer takes 40 ms
        certificate("trusted");
        certificate("other");
        Files.writeString(directory.resolve(TRUSTED), keytool("trusted", "-exportcert", "-rfc"));
    }

    /** Grants everybody, after a while. */
    URI granting(Duration delay) throws IOException {
        return plain(exchange -> answerLater(exchange, delay));
    }

    private void answerLater(HttpExchange exchange, Duration delay) {
        later.schedule(() -> answer(exchange), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void answer(HttpExchange exchange) {
        try (exchange) {
            exchange.sendResponseHeaders(200, GRANT.length);
            exchange.getResponseBody().write(GRANT);
        } catch (IOException e) {
            // who asked has gone
        }
    }

    /** Nobody listens there. */
    URI refusing() throws IOException {
        try (ServerSocket free = socket()) {
            return uri("http", free.getLocalPort());
        }
    }

    /** Connections are made and nothing ever comes. */
    URI hanging() throws IOException {
        ServerSocket deaf = socket();
        open.add(deaf);
        return uri("http", deaf.getLocalPort());
    }

    URI failing() throws IOException {
        return plain(exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(500, -1);
            }
        });
    }

    /** Each answer says: ask there, which is here. */
    URI redirecting() throws IOException {
        return plain(exchange -> {
            try (exchange) {
                exchange.getResponseHeaders()
                        .add("Location", exchange.getRequestURI().toString());
                exchange.sendResponseHeaders(302, -1);
            }
        });
    }

    /** Grants, in a body without an end. */
    URI endless() throws IOException {
        byte[] piece = new byte[8192];
        return plain(exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 0);
                OutputStream body = exchange.getResponseBody();
                while (!Thread.currentThread().isInterrupted()) {
                    body.write(piece);
                }
            }
        });
    }

    /** Answers with what is no HTTP. */
    URI babbling() throws IOException {
        ServerSocket server = socket();
        open.add(server);
        Thread thread = new Thread(() -> babble(server, new Random(1)), "garbage");
        thread.setDaemon(true);
        thread.start();
        return uri("http", server.getLocalPort());
    }

    private static void babble(ServerSocket server, Random random) {
        byte[] garbage = new byte[1000];
        while (!server.isClosed()) {
            try (Socket client = server.accept();
                    InputStream question = client.getInputStream()) {
                question.read(new byte[4096]);
                random.nextBytes(garbage);
                client.getOutputStream().write(garbage);
            } catch (IOException e) {
                // who asked has gone, or the server is closed
            }
        }
    }

    /** Grants, with a certificate that the daemon was not told to trust. */
    URI impostor() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(store("other").toFile(), PASSWORD);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(address(), CALLS_AT_ONCE);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return start(server, "https", SickAuthority::answer);
    }

    private URI plain(HttpHandler handler) throws IOException {
        return start(HttpServer.create(address(), CALLS_AT_ONCE), "http", handler);
    }

    private URI start(HttpServer server, String scheme, HttpHandler handler) {
        var calls = Executors.newFixedThreadPool(CALLS_AT_ONCE);
        server.createContext("/", handler);
        server.setExecutor(calls);
        server.start();
        open.add(() -> server.stop(0));
        open.add(calls::shutdownNow);
        return uri(scheme, server.getAddress().getPort());
    }

    private static ServerSocket socket() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(address(), CALLS_AT_ONCE);
        return socket;
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static URI uri(String scheme, int port) {
        return URI.create(scheme + "://127.0.0.1:" + port);
    }

    private void certificate(String name) throws IOException, InterruptedException {
        keytool(
                name,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-validity",
                "2");
    }

    /** @return what it says */
    private String keytool(String name, String... what) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
        line.addAll(List.of(what));
        line.addAll(List.of("-alias", name, "-keystore", store(name).toString(), "-storepass", new String(PASSWORD)));
        Process keytool = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
        return said;
    }

    private Path store(String name) {
        return directory.resolve(name + ".p12");
    }

    @Override
    public void close() {
        later.shutdownNow();
        for (AutoCloseable one : open) {
            try {
                one.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}

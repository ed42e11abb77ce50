package org.jbootd.files.remote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.files.DirectoryFileSource;
import org.jbootd.http.Trust;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that no web server's library would let one write: what they send is written octet by octet. */
@Timeout(60)
class BadOriginTest {

    private static final byte[] CONTENT = Origin.content(10_000);

    @TempDir
    private Path directory;

    /** What is answered to a path, head and all. The connection stays open behind it. */
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();

    private ServerSocket server;
    private RemoteFileSource source;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
        source = new RemoteFileSource(
                new RemoteFileSource.Settings(
                        RemoteRoot.of("http://localhost:" + server.getLocalPort()),
                        Trust.USUAL,
                        directory,
                        Keeping.ALL,
                        1 << 20),
                new DirectoryFileSource(directory));
    }

    @AfterEach
    void stop() throws IOException {
        source.close();
        server.close();
        await().until(source::isIdle); // or files are made while their directory is deleted
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "bad-origin");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                run(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket connection) {
        try (connection;
                OutputStream out = connection.getOutputStream()) {
            StringBuilder head = new StringBuilder();
            for (int c = connection.getInputStream().read();
                    c >= 0;
                    c = connection.getInputStream().read()) {
                head.append((char) c);
                if (head.toString().endsWith("\r\n\r\n")) {
                    out.write(answers.get(head.toString().split(" ")[1]));
                    out.flush();
                    head.setLength(0);
                }
            }
        } catch (IOException gone) {
            // the client closed the connection
        }
    }

    private static byte[] answer(String head, byte[] content) {
        byte[] start = (head + "\r\n\r\n").getBytes(ISO_8859_1);
        byte[] answer = Arrays.copyOf(start, start.length + content.length);
        System.arraycopy(content, 0, answer, start.length, content.length);
        return answer;
    }

    private static byte[] ok(int length, byte[] content) {
        return answer("HTTP/1.1 200 OK\r\nContent-Length: " + length, content);
    }

    private byte[] read(String name) throws IOException, FileUnavailable {
        return RemoteLab.read(source, name);
    }

    @Test
    void whatIsLongerThanSaidEndsWhereItWasSaidAndSpoilsNoOther() throws Exception {
        answers.put("/long", ok(4_000, CONTENT));
        answers.put("/next", ok(CONTENT.length, CONTENT));

        assertThat(read("long")).isEqualTo(Arrays.copyOf(CONTENT, 4_000));
        assertThat(read("next")).isEqualTo(CONTENT);
    }

    @Test
    void aChunkThatIsNoneIsAnError() {
        answers.put(
                "/chunked",
                answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", "5\r\nhello\r\nno size\r\n".getBytes(UTF_8)));

        assertThatThrownBy(() -> read("chunked")).isInstanceOf(FileUnavailable.class);
    }

    @Test
    void whatIsNoHttpIsAnError() {
        answers.put("/garbage", answer("HELLO\u001b[2J" + "x".repeat(10_000), CONTENT));
        answers.put("/endless", ("HTTP/1.1 200 OK\r\nX-Endless: " + "x".repeat(1 << 20)).getBytes(UTF_8));

        assertThatThrownBy(() -> read("garbage"))
                .hasMessageContaining("/garbage cannot be had")
                .as("safe to log")
                .hasMessageMatching("[^\\p{Cntrl}]{0,250}");
        assertThatThrownBy(() -> read("endless")).hasMessageContaining("/endless cannot be had");
    }

    @Test
    void aRestOfAnotherPlaceIsNotTaken() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nAccept-Ranges: bytes\r\nConnection: close";
        try (ServerSocket once = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            run(() -> {
                try {
                    for (int requests = 0; ; requests++) {
                        try (Socket connection = once.accept()) {
                            connection.getInputStream().read(new byte[8_192]);
                            connection
                                    .getOutputStream()
                                    .write(
                                            requests == 0
                                                    ? answer(
                                                            head + "\r\nContent-Length: 10000",
                                                            Arrays.copyOf(CONTENT, 5_000))
                                                    : answer(
                                                            "HTTP/1.1 206 Partial\r\nETag: \"1\"\r\nContent-Length: 4000"
                                                                    + "\r\nContent-Range: bytes 6000-9999/10000",
                                                            Arrays.copyOfRange(CONTENT, 6_000, 10_000)));
                        }
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            try (RemoteFileSource other = new RemoteFileSource(
                            new RemoteFileSource.Settings(
                                    RemoteRoot.of("http://localhost:" + once.getLocalPort()),
                                    Trust.USUAL,
                                    directory,
                                    Keeping.ALL,
                                    1 << 20),
                            new DirectoryFileSource(directory));
                    OpenFile file = other.open(RemoteLab.under("a"))) {
                assertThatThrownBy(() -> RemoteLab.read(file)).hasMessageContaining("broke off after 5000 of 10000");
            }
        }
        try (var names = java.nio.file.Files.list(directory)) {
            assertThat(names.filter(name -> name.toString().endsWith(".copy"))).isEmpty();
        }
    }
}

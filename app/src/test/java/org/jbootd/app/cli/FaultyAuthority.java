package org.jbootd.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/** An authority that may answer anything at all: each connection is a bare socket. Close it to end what is under way. */
final class FaultyAuthority implements AutoCloseable {

    /** What it does on a connection, once the question has been read; the connection is closed afterwards. */
    interface Behaviour {
        void answer(Exchange exchange) throws IOException, InterruptedException;
    }

    /** @param path of the question @param out to the client */
    record Exchange(String path, OutputStream out, CountDownLatch end) {

        void say(String text) throws IOException {
            say(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void say(byte[] octets) throws IOException {
            out.write(octets);
            out.flush();
        }

        /** Says {@code text} until nobody hears it any more. */
        void sayForEver(String text) throws IOException {
            while (end.getCount() > 0) {
                say(text);
            }
        }

        void pause(long millis) throws InterruptedException {
            end.await(millis, TimeUnit.MILLISECONDS);
        }

        /** Says nothing, until all is over. */
        void hang() throws InterruptedException {
            end.await();
        }
    }

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Queue<String> questions = new ConcurrentLinkedQueue<>();
    private volatile Behaviour behaviour;

    FaultyAuthority(Behaviour behaviour) throws IOException {
        this(behaviour, ServerSocketFactory.getDefault());
    }

    FaultyAuthority(Behaviour behaviour, ServerSocketFactory sockets) throws IOException {
        this.behaviour = behaviour;
        this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    static Behaviour status(int code, String body) {
        return status(code, body.getBytes(StandardCharsets.UTF_8));
    }

    static Behaviour status(int code, byte[] body) {
        return exchange -> {
            exchange.say(
                    "HTTP/1.1 " + code + " Status\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n");
            exchange.say(body);
        };
    }

    static Behaviour redirect(String location) {
        return exchange -> exchange.say(
                "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    void does(Behaviour next) {
        behaviour = next;
    }

    int port() {
        return server.getLocalPort();
    }

    /** The first line of each question. */
    Queue<String> questions() {
        return questions;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String question = in.readLine();
            for (String line = question; line != null && !line.isEmpty(); line = in.readLine()) {
                // the headers are nothing to it
            }
            if (question != null) {
                questions.add(question);
                behaviour.answer(
                        new Exchange(question.replaceAll("\\S+ ([^? ]*).*", "$1"), socket.getOutputStream(), end));
            }
        } catch (IOException goneAway) {
            // the client has heard enough
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        end.countDown();
        threads.shutdownNow();
    }
}

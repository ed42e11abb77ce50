package org.jbootd.app.leases;

import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jbootd.persistence.Auditor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets commands on this host ask a running daemon, and give it orders: by a socket in the data directory, which only the
 * daemon's user may use.
 */
public final class ControlServer implements AutoCloseable {

    /** Commands at once. */
    static final int MOST = 8;

    /** Octets of a question. */
    static final int LONGEST = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.control");

    private final Path path;
    private final Ledger ledger;
    private final ServerSocketChannel listening;
    private final Semaphore room = new Semaphore(MOST);
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private ControlServer(Path path, Ledger ledger, ServerSocketChannel listening) {
        this.path = path;
        this.ledger = ledger;
        this.listening = listening;
    }

    /** The socket of the daemon whose data directory it is. */
    static Path socket(Path directory) {
        return directory.resolve("control");
    }

    /**
     * Listens from now on.
     *
     * @param ledger threads may share it
     * @throws IOException when it cannot, as where a path is longer than the 107 octets that a socket may have
     */
    public static ControlServer start(Path directory, Ledger ledger) throws IOException {
        Path path = socket(directory);
        Files.deleteIfExists(path); // of a daemon that was killed: this one has the directory's lock
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean ready = false;
        try {
            listening.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            ready = true;
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            if (!ready) {
                listening.close();
            }
        }
        ControlServer server = new ControlServer(path, ledger, listening);
        server.thread("control", server::accept);
        return server;
    }

    private void thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                SocketChannel caller = listening.accept();
                if (room.tryAcquire()) {
                    open.add(caller);
                    thread("control-command", () -> serve(caller));
                } else {
                    refuse(caller);
                }
            } catch (IOException e) {
                if (listening.isOpen()) {
                    LOG.warn("a command could not be heard: {}", e.toString());
                }
            }
        }
    }

    private static void refuse(SocketChannel caller) throws IOException {
        try (caller) {
            BufferedWriter out = writer(caller);
            say(out, Wire.Line.problem("the daemon is busy with " + MOST + " other commands; try again"));
            out.flush();
        }
    }

    private void serve(SocketChannel caller) {
        try (caller) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(caller), StandardCharsets.UTF_8));
            BufferedWriter out = writer(caller);
            for (String line = read(in); line != null; line = read(in)) {
                answer(line, out);
                out.flush();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("a command went away: {}", e.toString());
        } finally {
            open.remove(caller);
            room.release();
        }
    }

    private static BufferedWriter writer(SocketChannel caller) {
        return new BufferedWriter(
                new OutputStreamWriter(Channels.newOutputStream(caller), StandardCharsets.UTF_8), 1 << 16);
    }

    /** @return null at the end */
    private static String read(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (line.length() == LONGEST) {
                throw new IOException("a question longer than " + LONGEST);
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private void answer(String line, Writer out) throws IOException {
        try {
            Wire.Question question = Wire.GSON.fromJson(line, Wire.Question.class);
            if (question.orders() != null) {
                carryOut(question, out);
            } else if (question.backup() != null) {
                ledger.backup(Path.of(question.backup()));
                LOG.info("a copy of the leases was made: {}", question.backup());
                say(out, Wire.Line.done(""));
            } else {
                ledger.ask(question.sql(), question.arguments(), new Teller(out));
                say(out, Wire.Line.done(""));
            }
        } catch (LedgerProblem e) {
            say(out, Wire.Line.problem(e.getMessage()));
        } catch (JsonParseException | IllegalArgumentException | NullPointerException | java.time.DateTimeException e) {
            say(out, Wire.Line.problem("not understood: " + e.getMessage() + " (is the daemon of another version?)"));
        }
    }

    private void carryOut(Wire.Question question, Writer out) throws LedgerProblem {
        if (question.orders().size() > Ledger.MOST_ORDERS) {
            throw new IllegalArgumentException("more than " + Ledger.MOST_ORDERS + " orders at once");
        }
        List<Order> orders =
                question.orders().stream().map(Wire.OrderText::order).toList();
        Ledger.Mode mode = Objects.requireNonNull(question.mode(), "mode");
        List<Order.Outcome> outcomes = ledger.carryOut(orders, mode);
        if (mode == Ledger.Mode.CARRY_OUT) {
            log(outcomes);
        }
        outcomes.forEach(outcome -> say(out, Wire.Line.outcome(outcome)));
    }

    /** Of many it is in the history what each did. */
    private static void log(List<Order.Outcome> outcomes) {
        List<String> done = outcomes.stream()
                .filter(outcome -> outcome.kind() == Order.Outcome.Kind.DONE)
                .map(Order.Outcome::text)
                .toList();
        if (done.size() == 1) {
            LOG.info("by order of an operator: {}", done.get(0));
        } else if (done.size() > 1) {
            LOG.info("by order of an operator: {}, and {} more", done.get(0), done.size() - 1);
        }
    }

    private static void say(Writer out, Wire.Line line) {
        try {
            Wire.GSON.toJson(line, out);
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends an answer row by row. */
    private record Teller(Writer out) implements Auditor.Rows {

        @Override
        public void columns(List<String> names) {
            say(out, Wire.Line.columns(names));
        }

        @Override
        public void row(List<Object> values) {
            say(out, Wire.Line.row(values));
        }
    }

    /** Ends what commands are being told. */
    @Override
    public void close() throws IOException {
        listening.close();
        for (SocketChannel caller : open) {
            caller.close();
        }
        Files.deleteIfExists(path);
    }
}

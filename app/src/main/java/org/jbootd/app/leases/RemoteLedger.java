package org.jbootd.app.leases;

import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jbootd.persistence.Auditor;

/** The ledger of a daemon that runs on this host. */
public final class RemoteLedger implements Ledger {

    private final SocketChannel channel;
    private final BufferedReader in;
    private final BufferedWriter out;

    private RemoteLedger(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        this.out =
                new BufferedWriter(new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
    }

    /**
     * @return empty when no daemon runs on this data directory
     * @throws LedgerProblem when one does, or it is not known whether one does, and this user may not ask it
     */
    public static Optional<Ledger> connect(Path directory) throws LedgerProblem {
        Path path = ControlServer.socket(directory);
        if (Files.isDirectory(directory) && !Files.isExecutable(directory)) {
            throw notAllowed(directory, null);
        }
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(path));
            return Optional.of(new RemoteLedger(channel));
        } catch (AccessDeniedException denied) {
            throw notAllowed(path, denied);
        } catch (IOException e) {
            closeQuietly(channel);
            if (!Files.isWritable(path)) {
                throw notAllowed(path, e);
            }
            return Optional.empty(); // of a daemon that was killed
        }
    }

    /** @param path that keeps it from the socket */
    private static LedgerProblem notAllowed(Path path, IOException cause) {
        String user = "user " + System.getProperty("user.name") + " may not ask the daemon";
        try {
            String owner = Files.getOwner(path).getName();
            return new LedgerProblem(
                    user + ", as " + path + " is " + owner + "'s: run this as " + owner + ", as in 'sudo -u " + owner
                            + " jbootd leases …', or as root",
                    cause);
        } catch (IOException unknown) {
            return new LedgerProblem(user + " by " + path + ": run this as the daemon's user, or as root", cause);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem {
        say(Wire.Question.of(sql, arguments));
        for (Wire.Line line = hear(); line.done() == null; line = hear()) {
            if (line.columns() != null) {
                rows.columns(line.columns());
            } else {
                rows.row(line.row());
            }
        }
    }

    @Override
    public List<Order.Outcome> carryOut(List<Order> orders, Mode mode) throws LedgerProblem {
        say(Wire.Question.of(orders, mode));
        List<Order.Outcome> outcomes = new ArrayList<>(orders.size());
        while (outcomes.size() < orders.size()) {
            outcomes.add(outcome(hear()));
        }
        return outcomes;
    }

    private static Order.Outcome outcome(Wire.Line line) throws LedgerProblem {
        if (line.outcome() == null || line.outcome().kind() == null) {
            throw new LedgerProblem("the daemon's answer is not understood: it is of another version");
        }
        return line.outcome();
    }

    @Override
    public void backup(Path target) throws LedgerProblem {
        say(Wire.Question.of(target));
        hear();
    }

    private void say(Wire.Question question) throws LedgerProblem {
        try {
            Wire.GSON.toJson(question, out);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new LedgerProblem("the daemon does not listen: " + e.getMessage(), e);
        }
    }

    private Wire.Line hear() throws LedgerProblem {
        try {
            String text = in.readLine();
            if (text == null) {
                throw new LedgerProblem("the daemon stopped before it had answered");
            }
            Wire.Line line = Wire.GSON.fromJson(text, Wire.Line.class);
            if (line.problem() != null) {
                throw new LedgerProblem(line.problem());
            }
            return line;
        } catch (IOException | JsonParseException e) {
            throw new LedgerProblem("the daemon's answer cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }
}

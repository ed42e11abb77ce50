package org.jbootd.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jbootd.app.TestDatabase;
import org.jbootd.app.cli.SyscallTrace.Call;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the daemon asks of the kernel, in order: of every machine the lease is written, and the write is on disk, before its first ACK
 * is sent. More of it: {@code -Djbootd.trace.acks=20000}.
 */
class SyncBeforeSendTest {

    private static final int ACKS = Integer.getInteger("jbootd.trace.acks", 400);
    private static final int MACHINES = 100_000;

    private static final String CALLS =
            "openat,pwrite64,write,writev,fsync,fdatasync,sendto,sendmsg,sendmmsg,read,readv,recvfrom";
    private static final Set<String> WRITES = Set.of("write", "writev", "pwrite64", "sendto", "sendmsg");
    private static final Set<String> READS = Set.of("read", "readv", "recvfrom");
    private static final Set<String> SENDS = Set.of("sendto", "sendmsg", "sendmmsg");
    private static final Set<String> SYNCS = Set.of("fsync", "fdatasync");
    private static final int MESSAGE_TYPE = 53;
    private static final int ACK = 5;

    /** How PostgreSQL says so. */
    private static final byte[] COMMITTED = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    @BeforeEach
    void assumeStrace() {
        if (!Files.isExecutable(Path.of("/usr/bin/strace"))) {
            String why = "skipped: needs Debian's strace";
            System.out.println(why);
            Assumptions.abort(why);
        }
    }

    @Test
    void noAcknowledgementLeavesBeforeTheJournalThatHasItsLeaseIsSynced() throws IOException, InterruptedException {
        check(traced("data_dir = leases"), new Order(true));
    }

    @Test
    void noAcknowledgementLeavesBeforeTheDatabaseHasSaidThatItsLeaseIsCommitted()
            throws IOException, InterruptedException, SQLException {
        check(traced("""
                        data_dir = leases
                        url = %s
                        user = %s""".formatted(TestDatabase.create().url(), TestDatabase.USER)), new Order(false));
    }

    /** @return what the kernel was asked for by a daemon under load */
    private Path traced(String leases) throws IOException, InterruptedException {
        Path trace = directory.resolve("trace");
        try (Machines machines = new Machines(MACHINES, new Random(1), "m")) {
            CrowdDaemon crowd = new CrowdDaemon(directory, machines, MACHINES, leases);
            machines.face(List.of(crowd.port()));
            trace(crowd, trace, machines);
            assertThat(machines.complaints()).isEmpty();
        }
        return trace;
    }

    private static void trace(CrowdDaemon crowd, Path trace, Machines machines)
            throws IOException, InterruptedException {
        try (Child daemon = crowd.launch(SyscallTrace.tracing(trace, CALLS))) {
            machines.load(ACKS);
            daemon.signal("TERM");
            daemon.exitStatus();
            // the tracer writes on for a moment; a daemon that it slows down may not end in order
            await().atMost(Duration.ofMinutes(2)).until(() -> SyscallTrace.hasEnded(trace, daemon.pid()));
        }
    }

    private static void check(Path trace, Order order) throws IOException {
        SyscallTrace.read(trace, order::take);
        System.out.printf(
                "%d acknowledgements, %d of them sent before that%n", order.acknowledged.size(), order.early.size());
        assertThat(order.early).isEmpty();
        assertThat(order.acknowledged).hasSizeGreaterThan(ACKS * 9 / 10);
    }

    /** Follows the calls of a daemon, in the order in which they end. */
    private static final class Order {

        /** What is written, and the line of the trace by which it was durable; none yet for {@link #NEVER}. */
        private static final class Write {
            private final Call call;
            private long durable = NEVER;

            Write(Call call) {
                this.call = call;
            }
        }

        private static final long NEVER = Long.MAX_VALUE;

        private final boolean inJournal;
        private final Set<Integer> journals = new HashSet<>();
        private final List<Write> writes = new ArrayList<>();
        private final Set<HardwareAddress> acknowledged = new HashSet<>();
        private final List<String> early = new ArrayList<>();

        /** @param inJournal whether leases are in the journal's files, and not in what is sent to a database */
        Order(boolean inJournal) {
            this.inJournal = inJournal;
        }

        void take(Call call) {
            if (call.name().equals("openat")) {
                opened((int) call.result(), call.text());
            } else if (makesDurable(call)) {
                writes.stream()
                        .filter(write -> write.durable == NEVER
                                && write.call.fd() == call.fd()
                                && write.call.ended() < call.begun())
                        .forEach(write -> write.durable = call.ended());
            } else if (WRITES.contains(call.name()) && inJournal == journals.contains(call.fd())) {
                writes.add(new Write(call));
            }
            if (SENDS.contains(call.name())) {
                call.octets().forEach(octets -> acknowledgedMachine(octets).ifPresent(machine -> sent(machine, call)));
            }
        }

        private void opened(int fd, String file) {
            if (file.contains(".journal")) {
                journals.add(fd);
            } else {
                journals.remove(fd);
            }
        }

        private boolean makesDurable(Call call) {
            return inJournal
                    ? SYNCS.contains(call.name()) && journals.contains(call.fd()) && call.result() == 0
                    : READS.contains(call.name()) && call.contains(COMMITTED);
        }

        private static Optional<HardwareAddress> acknowledgedMachine(byte[] octets) {
            try {
                DhcpPacket reply = DhcpPacket.decode(octets);
                boolean ack = reply.op() == DhcpPacket.BOOTREPLY
                        && reply.options().octet(MESSAGE_TYPE).orElse(0) == ACK;
                return ack ? Optional.of(reply.hardwareAddress()) : Optional.empty();
            } catch (MalformedPacket other) {
                return Optional.empty();
            }
        }

        /** Later ones may be of a lease that is on disk already. */
        private void sent(HardwareAddress machine, Call call) {
            if (!acknowledged.add(machine)) {
                return;
            }
            byte[] name =
                    inJournal ? machine.octets().toArray() : machine.toString().getBytes(StandardCharsets.US_ASCII);
            for (int i = writes.size() - 1; i >= 0; i--) {
                if (writes.get(i).durable < call.begun() && writes.get(i).call.contains(name)) {
                    return;
                }
            }
            early.add(machine + ", line " + call.begun() + " of the trace");
        }
    }
}

package org.jbootd.domain.transfer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole transfers over a network that loses, doubles and reorders, on a clock that only the simulation moves. */
class TransferSimulationTest {

    @ParameterizedTest(name = "block {0}, window {1}, {2} octets, options {3}, loss {4}")
    @CsvSource({
        "512,1,0,false,0.2",
        "512,1,511,false,0.2",
        "512,1,512,false,0.2",
        "512,1,20000,false,0.2",
        "512,1,20000,true,0.2",
        "1428,16,200000,true,0.1",
        "1428,64,300000,true,0.05",
        "100,3,5000,true,0.25",
        "8,1,525000,true,0.01",
        "8,64,1100000,true,0.002",
    })
    void everyByteArrivesInOrder(int blockSize, int window, int octets, boolean options, double loss) {
        for (long seed = 1; seed <= (octets > 400_000 ? 2 : 40); seed++) {
            Simulation simulation = new Simulation(seed, blockSize, window, options, random(seed, octets), false);
            simulation.loss = loss;
            simulation.doubling = loss;
            simulation.run();
            simulation.assertDelivered();
        }
    }

    @ParameterizedTest
    @CsvSource({"512,1,false", "64,8,true", "1428,16,true"})
    void textArrivesAsItWas(int blockSize, int window, boolean options) {
        for (long seed = 1; seed <= 60; seed++) {
            Random random = new Random(seed);
            byte[] text = new byte[random.nextInt(5) * blockSize + random.nextInt(50)];
            for (int i = 0; i < text.length; i++) {
                text[i] = (byte) "ab\r\n".charAt(random.nextInt(4));
            }
            Simulation simulation = new Simulation(seed, blockSize, window, options, netascii(text), true);
            simulation.loss = 0.15;
            simulation.doubling = 0.15;
            simulation.run();
            simulation.assertDelivered();
            assertThat(NetasciiText.decode(simulation.received.toByteArray()))
                    .as("seed %d", seed)
                    .isEqualTo(text);
        }
    }

    /** The Sorcerer's Apprentice: where nothing is lost, doubled packets are never answered by doubled data. */
    @ParameterizedTest
    @CsvSource({"512,1,false", "512,1,true", "512,8,true", "512,64,true"})
    void doubledPacketsAreNotMultiplied(int blockSize, int window, boolean options) {
        for (long seed = 1; seed <= 20; seed++) {
            Simulation simulation = new Simulation(seed, blockSize, window, options, random(seed, 300_000), false);
            simulation.doubling = 1;
            simulation.reordering = false;
            simulation.run();
            simulation.assertDelivered();
            assertThat(simulation.blocksSent).as("seed %d", seed).isEqualTo(ReadTransfer.lastBlock(300_000, blockSize));
        }
    }

    @Test
    void aDeadClientIsGivenUpInBoundedTime() {
        Simulation simulation = new Simulation(1, 512, 8, true, random(1, 100_000), false);
        simulation.clientDiesAfterBlock = 20;
        simulation.run();

        assertThat(simulation.outcome).isEqualTo(TransferOutcome.TIMED_OUT);
        assertThat(simulation.now - simulation.origin).isLessThan(SECONDS.toNanos(75));
    }

    private static byte[] random(long seed, int octets) {
        byte[] content = new byte[octets];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static byte[] netascii(byte[] text) {
        ByteBuffer into = ByteBuffer.allocate(2 * text.length);
        Netascii.encode(ByteBuffer.wrap(text), false, into);
        return Arrays.copyOf(into.array(), into.position());
    }

    private static final class Simulation {

        private record Packet(long at, long order, Runnable arrival) implements Comparable<Packet> {
            @Override
            public int compareTo(Packet other) {
                return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
            }
        }

        final long seed;
        final Random random;
        final int blockSize;
        final int window;
        final TransferTerms terms;
        final byte[] content;
        final boolean endUnknown;
        final PriorityQueue<Packet> network = new PriorityQueue<>();
        final long origin = -5_000_000_000L;
        double loss;
        double doubling;
        boolean reordering = true;
        long clientDiesAfterBlock = Long.MAX_VALUE;

        long now = origin;
        long order;
        ReadTransfer transfer;
        TransferOutcome outcome;
        long blocksSent;

        // The client: RFC 1350 and RFC 7440 §4, repeating its last packet when nothing comes.
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        long next = 1;
        int inWindow;
        boolean gapTold;
        boolean heard;
        boolean done;
        long clientDeadline;

        Simulation(long seed, int blockSize, int window, boolean options, byte[] content, boolean endUnknown) {
            this.seed = seed;
            this.random = new Random(seed);
            this.blockSize = blockSize;
            this.window = window;
            this.content = content;
            this.endUnknown = endUnknown;
            List<TransferOption> acknowledged = new ArrayList<>();
            if (options) {
                acknowledged.add(new TransferOption("blksize", "" + blockSize));
            }
            this.terms = new TransferTerms(blockSize, window, Duration.ofSeconds(2), false, acknowledged);
        }

        void run() {
            clientSends(this::requestArrives);
            while (!(done || clientIsDead()) || transfer != null && !transfer.isOver()) {
                step();
                assertThat(now - origin).as("seed %d: time", seed).isLessThan(SECONDS.toNanos(3_600));
            }
        }

        private void step() {
            long arrival = network.isEmpty() ? Long.MAX_VALUE : network.peek().at;
            long server = transfer == null ? Long.MAX_VALUE : transfer.deadline();
            long client = done || clientIsDead() ? Long.MAX_VALUE : clientDeadline;
            if (arrival <= server && arrival <= client) {
                now = arrival;
                network.remove().arrival.run();
            } else if (server <= client) {
                now = server;
                perform(transfer.timeout(now));
            } else {
                now = client;
                clientRepeats();
            }
        }

        private boolean clientIsDead() {
            return next > clientDiesAfterBlock;
        }

        private void send(Runnable arrival) {
            int copies = (random.nextDouble() < loss ? 0 : 1) + (random.nextDouble() < doubling ? 1 : 0);
            for (int i = 0; i < copies; i++) {
                long delay = reordering ? random.nextInt(5_000_000) : 1_000_000;
                network.add(new Packet(now + delay, order++, arrival));
            }
        }

        // --- server

        private void requestArrives() {
            if (transfer == null || transfer.isOver() && outcome == TransferOutcome.NEVER_ANSWERED) {
                transfer = new ReadTransfer(
                        terms,
                        endUnknown ? ReadTransfer.END_UNKNOWN : ReadTransfer.lastBlock(content.length, blockSize));
                perform(transfer.start(now));
            } else {
                perform(transfer.askedAgain(now));
            }
        }

        private void perform(TransferStep step) {
            if (step instanceof TransferStep.SendOptions) {
                send(this::optionsArrive);
            } else if (step instanceof TransferStep.SendBlocks blocks) {
                sendBlocks(blocks);
            } else if (step instanceof TransferStep.Abort abort) {
                outcome = abort.outcome();
            } else if (step instanceof TransferStep.End end) {
                outcome = end.outcome();
            }
        }

        private void sendBlocks(TransferStep.SendBlocks blocks) {
            long last = ReadTransfer.lastBlock(content.length, blockSize);
            assertThat(blocks.first()).isEqualTo(transfer.acknowledged() + 1);
            assertThat(blocks.count()).isBetween(1, window);
            for (long block = blocks.first(); block < blocks.first() + blocks.count(); block++) {
                if (block > last) {
                    break;
                }
                int from = (int) ((block - 1) * blockSize);
                byte[] octets = Arrays.copyOfRange(content, from, Math.min(content.length, from + blockSize));
                int number = (int) (block & 0xffff);
                blocksSent++;
                send(() -> dataArrives(number, octets));
                if (block == last) {
                    transfer.endsAt(last);
                }
            }
        }

        private void ackArrives(int number) {
            perform(transfer.acknowledge(number, now));
        }

        // --- client

        private void clientSends(Runnable arrival) {
            clientDeadline = now + MILLISECONDS.toNanos(1_500);
            send(arrival);
        }

        private void ack() {
            inWindow = 0;
            int number = (int) (next - 1 & 0xffff);
            clientSends(() -> ackArrives(number));
        }

        private void clientRepeats() {
            gapTold = false;
            if (heard) {
                ack();
            } else {
                clientSends(this::requestArrives);
            }
        }

        private void optionsArrive() {
            if (!clientIsDead() && next == 1) {
                heard = true;
                ack();
            }
        }

        private void dataArrives(int number, byte[] octets) {
            if (clientIsDead()) {
                return;
            }
            int ahead = (short) (number - (int) next);
            if (ahead < 0) {
                if (ahead == -1 && inWindow == 0) {
                    ack();
                }
                return;
            }
            if (ahead > 0) {
                if (!gapTold) {
                    gapTold = true;
                    ack();
                }
                return;
            }
            heard = true;
            gapTold = false;
            received.writeBytes(octets);
            next++;
            inWindow++;
            clientDeadline = now + MILLISECONDS.toNanos(1_500);
            done = octets.length < blockSize;
            if (done || inWindow == window) {
                ack();
            }
        }

        void assertDelivered() {
            assertThat(received.toByteArray()).as("seed %d", seed).isEqualTo(content);
            // The very last ACK may be lost as often as the server repeats.
            assertThat(outcome)
                    .as("seed %d", seed)
                    .isIn(
                            TransferOutcome.COMPLETE,
                            TransferOutcome.LAST_ACK_MISSING,
                            content.length < blockSize ? TransferOutcome.NEVER_ANSWERED : TransferOutcome.COMPLETE);
        }
    }
}

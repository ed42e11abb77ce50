package org.jbootd.persistence.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/**
 * More machines than addresses, short leases, three nodes on one database whose connections are cut and whose threads stand
 * still: no address has two holders, no holder is refused, and the history says what is so. More of it:
 * {@code -Djbootd.storm.rounds=1000}.
 */
class StormTest {

    private static final int ROUNDS = Integer.getInteger("jbootd.storm.rounds", 24);
    private static final int MACHINES = 24;
    private static final int POOL = 16;
    private static final int THREADS = 8;

    /** What a machine may believe: the address is its own. Instants of one clock, in nanoseconds; a lease counts from its request on. */
    private record Belief(int machine, Ipv4 address, long from, long until) {

        Belief endedAt(long end) {
            return new Belief(machine, address, from, Math.min(until, end));
        }
    }

    private final Queue<Belief> past = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Belief> present = new ConcurrentHashMap<>();
    private final Queue<String> wrongs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger acks = new AtomicInteger();
    private final AtomicInteger naks = new AtomicInteger();
    private final AtomicInteger troubles = new AtomicInteger();
    private final List<ServingNode> nodes = new ArrayList<>();
    private String url;

    @Test
    void noAddressHasTwoHoldersAndNoHolderIsRefused() throws InterruptedException, ExecutionException {
        long seed = Long.getLong("jbootd.storm.seed", new Random().nextLong());
        url = PostgresServer.shared().database();
        for (int number = 1; number <= 3; number++) {
            nodes.add(new ServingNode(number, url, POOL));
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                play(threads, seed + round);
            }
        } finally {
            threads.shutdown();
            nodes.forEach(ServingNode::close);
        }
        System.out.printf(
                "storm: %d acknowledged, %d refused, %d without a store, -Djbootd.storm.seed=%d%n",
                acks.get(), naks.get(), troubles.get(), seed);
        assertThat(wrongs).as("seed %d", seed).isEmpty();
        assertThat(doubleHolders()).as("seed %d", seed).isEmpty();
        assertThat(acks.get()).as("seed %d", seed).isGreaterThan(ROUNDS * POOL / 8);
        assertThat(contradictions()).as("seed %d", seed).isZero();
    }

    /** Each machine once, several at a time, and something goes wrong. */
    private void play(ExecutorService threads, long seed) throws InterruptedException, ExecutionException {
        Random random = new Random(seed);
        List<Future<?>> machines = new ArrayList<>();
        for (int machine = 1; machine <= MACHINES; machine++) {
            int number = machine;
            Random own = new Random(random.nextLong());
            machines.add(threads.submit(() -> live(number, own)));
        }
        switch (random.nextInt(3)) {
            case 0 -> PostgresServer.shared().disconnect(url);
            case 1 -> any(nodes, random).standStill(Duration.ofMillis(random.nextInt(2500)));
            default -> nodes.forEach(ServingNode::passTime);
        }
        for (Future<?> machine : machines) {
            machine.get();
        }
    }

    private static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    private void live(int machine, Random random) {
        Belief belief = present.get(machine);
        if (belief != null && System.nanoTime() < belief.until() && random.nextInt(3) > 0) {
            return; // goes on with what it has
        }
        giveUp(machine);
        Request request = request(machine, random);
        List<Answer.Offer> offers = new ArrayList<>();
        List<ServingNode> offering = new ArrayList<>();
        for (ServingNode node : nodes) {
            if (node.ask(new ClientMessage.Discover(request, Optional.empty())) instanceof Answer.Offer offer) {
                offers.add(offer);
                offering.add(node);
            }
        }
        if (offers.isEmpty()) {
            return;
        }
        int chosen = random.nextInt(offers.size());
        Ipv4 address = offers.get(chosen).terms().address();
        Ipv4 server = offering.get(chosen).address();
        long asked = System.nanoTime();
        for (ServingNode node : nodes) {
            Answer answer = node.ask(new ClientMessage.Select(request, server, address));
            count(answer);
            if (answer instanceof Answer.Ack) {
                hold(machine, address, server, asked, random);
            }
        }
    }

    private static Request request(int machine, Random random) {
        return new Request(
                random.nextInt(),
                ClientIdentity.of(HardwareAddress.parse(String.format("02-00-00-00-00-%02X", machine))),
                BootStage.OPERATING_SYSTEM,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** The machine renews its lease a few times, anywhere, and gives it back or falls silent. */
    private void hold(int machine, Ipv4 address, Ipv4 server, long asked, Random random) {
        long from = System.nanoTime();
        long until = asked + ServingNode.LEASE_TIME.toNanos();
        for (int renewal = random.nextInt(4); renewal > 0; renewal--) {
            long askedAgain = System.nanoTime();
            Answer answer = any(nodes, random).ask(new ClientMessage.Rebind(request(machine, random), address));
            count(answer);
            long now = System.nanoTime();
            if (answer instanceof Answer.Ack && now < until) {
                until = Math.max(until, askedAgain + ServingNode.LEASE_TIME.toNanos());
            } else if (answer instanceof Answer.Nak nak && now < until) {
                wrongs.add(machine + " holds " + address + " and was told: " + nak.text());
            }
        }
        if (random.nextInt(3) == 0) {
            until = Math.min(until, System.nanoTime());
            nodes.stream()
                    .filter(node -> node.address().equals(server))
                    .forEach(node -> node.ask(
                            new ClientMessage.Release(request(machine, random), Optional.of(server), address)));
        }
        present.put(machine, new Belief(machine, address, from, until));
    }

    /** The machine boots, and does not use what it had. */
    private void giveUp(int machine) {
        Belief belief = present.remove(machine);
        if (belief != null) {
            past.add(belief.endedAt(System.nanoTime()));
        }
    }

    private void count(Answer answer) {
        if (answer instanceof Answer.Ack) {
            acks.incrementAndGet();
        } else if (answer instanceof Answer.Nak) {
            naks.incrementAndGet();
        } else if (ServingNode.isStoreTrouble(answer)) {
            troubles.incrementAndGet();
        }
    }

    private List<String> doubleHolders() {
        List<String> doubles = new ArrayList<>();
        List<Belief> sorted = new ArrayList<>(past);
        sorted.addAll(present.values());
        sorted.sort(Comparator.comparingLong(Belief::from));
        for (int i = 0; i < sorted.size(); i++) {
            Belief one = sorted.get(i);
            sorted.subList(i + 1, sorted.size()).stream()
                    .filter(other -> other.address().equals(one.address())
                            && other.machine() != one.machine()
                            && other.from() < one.until())
                    .forEach(other -> doubles.add(one + " and " + other));
        }
        return doubles;
    }

    /** Addresses of which the last event does not say what the current lease says. */
    private long contradictions() {
        try (Handle handle = PostgresServer.connect(url)) {
            return handle.createQuery("""
                            SELECT COUNT(*) FROM (
                                SELECT DISTINCT ON (address) address, hardware, state, seq, kind IN ('ENDED', 'RECLAIMED', 'MOVED') AS ends
                                FROM lease_event ORDER BY address, seq DESC) last
                            FULL JOIN lease ON lease.address = last.address
                            WHERE last.address IS NULL OR last.ends <> (lease.address IS NULL)
                                OR lease.seq <> last.seq OR lease.hardware <> last.hardware OR lease.state <> last.state""").mapTo(Long.class).one();
        }
    }
}

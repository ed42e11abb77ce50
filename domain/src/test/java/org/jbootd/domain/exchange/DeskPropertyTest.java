package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random clients, a store that waits and fails, kills and restarts: what was promised holds after every step. */
class DeskPropertyTest {

    private static final int MACHINES = 14;
    private static final int STEPS = 3_000;
    private static final Ipv4 POOL = Ipv4.parse("10.0.0.98");
    private static final List<String> OUTCOMES = List.of(
            "ACK",
            "INFORMED",
            "NAK ADDRESS_TAKEN",
            "NAK WRONG_ADDRESS",
            "OFFER",
            "SILENCE DONE",
            "SILENCE NOT_THE_HOLDER",
            "SILENCE POOL_EXHAUSTED",
            "SILENCE STORE_UNAVAILABLE",
            "SILENCE UNKNOWN_CLIENT");
    private static final String RESERVED = "10.0.0.100";

    /** What a client was told by its last ACK. */
    private record Promise(String machine, Ipv4 address, Instant until) {}

    private final Map<String, Promise> promises = new HashMap<>();
    private final List<CompletableFuture<Answer>> open = new ArrayList<>();
    private final Map<String, Integer> heard = new TreeMap<>();
    /** Machines with a DECLINE under way: they may be offered another address already. */
    private final Set<String> declining = new HashSet<>();

    private Optional<Throwable> broken = Optional.empty();
    private Random random;
    private Scene scene;
    private int xid;
    private boolean holding;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void promises_hold(long seed) {
        random = new Random(seed);
        scene = new Scene(setting());
        for (int step = 0; step < STEPS; step++) {
            String what = step();
            try {
                checkStore();
            } catch (AssertionError failure) {
                remember(failure);
            }
            if (broken.isPresent()) {
                fail("seed " + seed + ", step " + step + ": " + what, broken.get());
            }
        }
        heal();
        everyMachineIsAnswered();
        aRestartChangesNothing(seed);
        assertThat(addressesInUseOrFree()).as("seed " + seed).isEqualTo(8);
        assertThat(heard.keySet()).as("seed " + seed).containsAll(OUTCOMES);
    }

    /** A pool of ten, of which one is reserved, and one excluded. */
    private Setting setting() {
        Setting setting = new Setting()
                .pool(POOL.toString(), 10)
                .reserved(machine(0), RESERVED)
                .excluded("10.0.0.103")
                .leaseTime(Duration.ofMinutes(5));
        return random.nextBoolean() ? setting.reclaimAfter(Duration.ofMinutes(random.nextInt(5))) : setting;
    }

    private String step() {
        switch (random.nextInt(30)) {
            case 0 -> {
                holding = !holding;
                if (holding) {
                    scene.store.hold();
                } else {
                    scene.store.letGo();
                    scene.run();
                }
                return "store holds: " + holding;
            }
            case 1 -> {
                boolean failing = random.nextInt(3) == 0;
                scene.store.failing(failing);
                return "store fails: " + failing;
            }
            case 2 -> {
                if (random.nextInt(10) == 0) {
                    kill();
                    return "kill";
                }
                return "nothing";
            }
            case 3, 4, 5 -> {
                scene.now = scene.now.plusMillis(random.nextInt(random.nextInt(20) == 0 ? 900_000 : 40_000));
                return "time passes to " + scene.now;
            }
            case 6, 7, 8 -> {
                if (scene.store.waiting() > 0) {
                    scene.store.finishOne();
                    scene.run();
                }
                return "one commit";
            }
            default -> {
                return ask();
            }
        }
    }

    private String ask() {
        String machine = machine(random.nextInt(MACHINES));
        Request request = Scene.request(machine, BootStage.FIRMWARE, "lan", random.nextInt(3) == 0 ? xid : ++xid);
        ClientMessage message = message(request, address(machine));
        CompletableFuture<Answer> answer = scene.say(message);
        open.add(answer);
        if (message instanceof ClientMessage.Decline && !answer.isDone()) {
            declining.add(machine);
        }
        answer.thenAccept(told -> learn(machine, message, told)).exceptionally(this::remember);
        return message + " -> " + Scene.text(answer);
    }

    private Void remember(Throwable failure) {
        broken = broken.or(() -> Optional.of(failure));
        return null;
    }

    private ClientMessage message(Request request, Ipv4 address) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 ->
                new ClientMessage.Discover(request, random.nextBoolean() ? Optional.of(address) : Optional.empty());
            case 3, 4, 5 ->
                new ClientMessage.Select(request, random.nextInt(10) == 0 ? Scene.OTHER_SERVER : Scene.SELF, address);
            case 6 -> new ClientMessage.Reboot(request, address);
            case 7 -> new ClientMessage.Renew(request, address);
            case 8 -> new ClientMessage.Rebind(request, address);
            case 9 -> new ClientMessage.Release(request, Optional.empty(), address);
            case 10 -> new ClientMessage.Decline(request, Optional.empty(), address);
            default -> new ClientMessage.Inform(request, address);
        };
    }

    /** Mostly what the machine would name, sometimes anything near the pool. */
    private Ipv4 address(String machine) {
        Promise promise = promises.get(machine);
        if (promise != null && random.nextInt(3) > 0) {
            return promise.address();
        }
        return POOL.plus(random.nextInt(12) - 1);
    }

    private void learn(String machine, ClientMessage message, Answer answer) {
        heard.merge(Scene.text(answer).replaceAll(" 10.*", ""), 1, Integer::sum);
        if (answer instanceof Answer.Ack ack) {
            promise(machine, ack.terms());
        } else if (answer instanceof Answer.Nak && promises.containsKey(machine)) {
            assertRightfulNak(machine, message);
        } else if (message instanceof ClientMessage.Decline) {
            declining.remove(machine);
            ended(machine, message, answer);
        } else if (message instanceof ClientMessage.Release) {
            ended(machine, message, answer);
        } else if (answer instanceof Answer.Offer offer) {
            assertNobodyElseHolds(machine, offer.terms().address());
            assertSticky(machine, offer.terms().address());
        }
    }

    private void ended(String machine, ClientMessage message, Answer answer) {
        if (((Answer.Silence) answer).reason() == Reason.DONE) {
            promises.computeIfPresent(machine, (key, kept) -> kept.address().equals(addressOf(message)) ? null : kept);
        }
    }

    private void promise(String machine, Answer.Terms terms) {
        assertNobodyElseHolds(machine, terms.address());
        Instant until = scene.now.plus(terms.leaseTime());
        assertThat(scene.store.load()).as("I2: durable before sent").anySatisfy(lease -> {
            assertThat(lease.address()).isEqualTo(terms.address());
            assertThat(lease.client().hardware()).isEqualTo(HardwareAddress.parse(machine));
            assertThat(lease.until()).isAfterOrEqualTo(until);
        });
        promises.put(machine, new Promise(machine, terms.address(), until));
    }

    private void assertNobodyElseHolds(String machine, Ipv4 address) {
        promises.values().forEach(promise -> {
            if (promise.address().equals(address) && scene.now.isBefore(promise.until())) {
                assertThat(promise.machine()).as("I1: one holder of " + address).isEqualTo(machine);
            }
        });
        assertThat(address.toString()).as("I7: excluded").isNotEqualTo("10.0.0.103");
        scene.store.load().stream()
                .filter(lease -> lease.address().equals(address) && lease.state() == Lease.State.DECLINED)
                .forEach(lease -> assertThat(lease.isLive(scene.now))
                        .as("I7: quarantined")
                        .isFalse());
        if (address.toString().equals(RESERVED)) {
            assertThat(machine).as("I7: reserved").isEqualTo(machine(0));
        }
    }

    private void assertSticky(String machine, Ipv4 address) {
        Promise promise = promises.get(machine);
        if (promise != null && scene.now.isBefore(promise.until()) && !declining.contains(machine) && !moves(promise)) {
            assertThat(address).as("I4: sticky").isEqualTo(promise.address());
        }
    }

    /** The machine with a reservation goes to it as soon as it can. */
    private static boolean moves(Promise promise) {
        return promise.machine().equals(machine(0))
                && !promise.address().toString().equals(RESERVED);
    }

    private void assertRightfulNak(String machine, ClientMessage message) {
        Promise promise = promises.get(machine);
        boolean holder =
                scene.now.isBefore(promise.until()) && promise.address().equals(addressOf(message));
        boolean moves =
                machine.equals(machine(0)) && !promise.address().toString().equals(RESERVED);
        assertThat(holder && !moves).as("I5: no NAK to the holder").isFalse();
    }

    private static Ipv4 addressOf(ClientMessage message) {
        return Transaction.of(message).address();
    }

    /** I3 and I8 as the store shows them. */
    private void checkStore() {
        Map<HardwareAddress, Lease> held = new HashMap<>();
        for (Lease lease : scene.store.load()) {
            if (lease.state() != Lease.State.DECLINED && held.put(lease.client().hardware(), lease) != null) {
                fail("I8: two addresses of one machine, one is " + lease);
            }
        }
        for (Promise promise : promises.values()) {
            Lease lease = held.get(HardwareAddress.parse(promise.machine()));
            boolean kept = lease != null && lease.address().equals(promise.address()) && lease.isLive(scene.now);
            if (scene.now.isBefore(promise.until()) && !kept) {
                fail("I3: " + promise + " is not kept by " + lease);
            }
        }
    }

    private void kill() {
        while (scene.store.waiting() > 0) {
            scene.store.failing(random.nextBoolean());
            scene.store.finishOne();
        }
        scene.loop.clear();
        scene.store.failing(false);
        open.clear();
        declining.clear();
        forgetUnanswered();
        scene.start();
    }

    /** What was stored, and never told, ends promises as well: a RELEASE, a DECLINE. */
    private void forgetUnanswered() {
        promises.values()
                .removeIf(promise -> scene.store.load().stream()
                        .noneMatch(lease -> lease.address().equals(promise.address())
                                && lease.client().hardware().equals(HardwareAddress.parse(promise.machine()))
                                && lease.state() == Lease.State.BOUND));
    }

    private void heal() {
        scene.store.failing(false);
        scene.store.letGo();
        scene.run();
        scene.now = scene.now.plus(Duration.ofDays(2));
    }

    private void everyMachineIsAnswered() {
        assertThat(open).allMatch(CompletableFuture::isDone);
        assertThat(scene.desk.stop().toCompletableFuture()).isCompleted();
    }

    /** I25: what was loaded offers what was remembered. */
    private void aRestartChangesNothing(long seed) {
        LeaseBook loaded = new LeaseBook(List.of(scene.setting.lan()), scene.store.load());
        for (int number = 0; number < MACHINES + 3; number++) {
            Request request = Scene.request(machine(number), BootStage.FIRMWARE, "lan", ++xid);
            assertThat(loaded.offer(request, Optional.empty(), scene.now))
                    .as("seed " + seed + ", " + request)
                    .isEqualTo(scene.book.offer(request, Optional.empty(), scene.now));
        }
        scene.now = scene.now.plus(Scene.OFFER_TIMEOUT);
    }

    /** I9: strangers can take what nobody has, and together that is the whole pool but the excluded address and the reserved one. */
    private int addressesInUseOrFree() {
        LeaseBook book = scene.book;
        Set<Ipv4> addresses = new HashSet<>();
        for (int machine = 1; machine < 200; machine++) {
            Request request = Scene.request(machine(machine), BootStage.FIRMWARE, "lan", ++xid);
            book.offer(request, Optional.empty(), scene.now).ifPresent(addresses::add);
        }
        scene.store.load().stream()
                .filter(lease -> lease.state() == Lease.State.BOUND)
                .filter(lease -> !lease.address().toString().equals(RESERVED))
                .forEach(lease -> addresses.add(lease.address()));
        return addresses.size();
    }

    private static String machine(int number) {
        return "02-00-00-00-00-%02X".formatted(number);
    }
}

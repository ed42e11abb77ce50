package org.jbootd.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.boot.BootPlanner;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.event.EventSink;
import org.jbootd.domain.event.MachineEvent;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.AddressProbe;
import org.jbootd.domain.lease.Allocation;
import org.jbootd.domain.lease.InMemoryLeaseStore;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.Reservation;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;

/** A desk with a store, a clock and clients, played step by step. Answers read as in {@code "ACK 10.0.0.100 3600"}. */
final class Scene {

    static final Instant START = Instant.parse("2026-05-04T03:02:01.250Z");
    static final Duration LEASE_TIME = Duration.ofHours(1);
    static final Duration OFFER_TIMEOUT = Duration.ofSeconds(30);
    static final Duration DECLINE_TIMEOUT = Duration.ofHours(24);

    /** The addresses of the pool, as long as no setting says otherwise. */
    static final String FIRST = "10.0.0.100";

    static final String SECOND = "10.0.0.101";
    static final String THIRD = "10.0.0.102";

    static final Ipv4 SELF = Ipv4.parse("10.0.0.1");
    static final Ipv4 OTHER_SERVER = Ipv4.parse("10.0.0.2");
    static final String ANNA = "02-00-00-00-00-0A";
    static final String BERT = "02-00-00-00-00-0B";
    static final String CARL = "02-00-00-00-00-0C";
    static final String DORA = "02-00-00-00-00-0D";
    static final UUID ANNAS_UUID = UUID.fromString("12345678-abcd-ef00-8111-abcdefabcdef");

    /** One thing that happens. */
    interface Step {
        void play(Scene scene);
    }

    /** Settings under which a scene plays; the defaults are a pool of three and everybody served. */
    static final class Setting {
        String pool = FIRST;
        int count = 3;
        Set<Ipv4> excluded = Set.of();
        List<Reservation> reservations = List.of();
        Duration leaseTime = LEASE_TIME;
        Optional<Duration> reclaimAfter = Optional.empty();
        boolean allowSimple = true;
        boolean authoritative = true;
        boolean pingCheck = false;
        int exchangesInFlight = 100;
        Optional<String> wire = Optional.empty();
        Allocation allocation = Allocation.SEQUENTIAL;

        Setting pool(String first, int addresses) {
            pool = first;
            count = addresses;
            return this;
        }

        Setting excluded(String... addresses) {
            excluded = Set.of(List.of(addresses).stream().map(Ipv4::parse).toArray(Ipv4[]::new));
            return this;
        }

        Setting reserved(String machine, String address) {
            List<Reservation> more = new ArrayList<>(reservations);
            more.add(new Reservation(HardwareAddress.parse(machine), Ipv4.parse(address)));
            reservations = more;
            return this;
        }

        Setting reserved(UUID uuid, String address) {
            List<Reservation> more = new ArrayList<>(reservations);
            more.add(new Reservation(uuid, Ipv4.parse(address)));
            reservations = more;
            return this;
        }

        Setting leaseTime(Duration time) {
            leaseTime = time;
            return this;
        }

        Setting reclaimAfter(Duration time) {
            reclaimAfter = Optional.of(time);
            return this;
        }

        Setting networkBootersOnly() {
            allowSimple = false;
            return this;
        }

        Setting notAuthoritative() {
            authoritative = false;
            return this;
        }

        Setting exchangesInFlight(int bound) {
            exchangesInFlight = bound;
            return this;
        }

        Setting pingCheck() {
            pingCheck = true;
            return this;
        }

        Desk.Settings decisions() {
            return new Desk.Settings(allowSimple, authoritative, pingCheck, exchangesInFlight);
        }

        Setting hashed() {
            allocation = Allocation.HASHED;
            return this;
        }

        /** The two subnets share it. */
        Setting onOneWire() {
            wire = Optional.of("wire");
            return this;
        }

        Subnet lan() {
            return subnet("lan", "10.0.0.0", SELF, new AddressPool(Ipv4.parse(pool), count), excluded, reservations);
        }

        Subnet annex() {
            return subnet(
                    "annex",
                    "10.0.9.0",
                    Ipv4.parse("10.0.9.1"),
                    new AddressPool(Ipv4.parse("10.0.9.100"), 2),
                    Set.of(),
                    List.of());
        }

        private Subnet subnet(
                String name,
                String base,
                Ipv4 server,
                AddressPool addresses,
                Set<Ipv4> out,
                List<Reservation> reserved) {
            return Subnet.named(name, new Ipv4Network(Ipv4.parse(base), 24), server)
                    .pool(addresses)
                    .excluded(out)
                    .reservations(reserved)
                    .leaseTime(leaseTime)
                    .offerTimeout(OFFER_TIMEOUT)
                    .declineTimeout(DECLINE_TIMEOUT)
                    .reclaimAfter(reclaimAfter)
                    .sharedNetwork(wire)
                    .allocation(allocation)
                    .build();
        }
    }

    final InMemoryLeaseStore store;
    final Queue<Runnable> loop = new ArrayDeque<>();
    final List<Request> asked = new ArrayList<>();
    final List<MachineEvent> events = new ArrayList<>();
    final List<MachineEvent> answered = new ArrayList<>();
    AccessControl access = AccessControl.EVERYBODY;
    AddressProbe probe = AddressProbe.NONE;
    BootPlanner planner = request -> BootPlan.NOTHING;
    Setting setting;
    Instant now = START;
    LeaseBook book;
    Desk desk;

    Scene(Setting setting, Lease... stored) {
        this.setting = setting;
        this.store = InMemoryLeaseStore.of(stored);
        start();
    }

    void start() {
        book = new LeaseBook(List.of(setting.lan(), setting.annex()), store.load());
        desk = new Desk(
                book,
                request -> {
                    asked.add(request);
                    return access.decide(request);
                },
                request -> planner.plan(request),
                setting.decisions(),
                new Desk.Ports(
                        store,
                        () -> now,
                        loop::add,
                        new EventSink() {
                            @Override
                            public void tell(MachineEvent event) {
                                events.add(event);
                            }

                            @Override
                            public void answered(MachineEvent event) {
                                answered.add(event);
                            }
                        },
                        (address, request) -> probe.isInUse(address, request)));
    }

    void play(List<Step> steps) {
        steps.forEach(step -> step.play(this));
    }

    /** Says something, and lets everything run that can. */
    CompletableFuture<Answer> say(ClientMessage message) {
        CompletionStage<Answer> answer = desk.answer(message);
        run();
        return answer.toCompletableFuture();
    }

    void run() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    /** What a client hears, {@code "..."} when there is no outcome yet. */
    String hears(ClientMessage message) {
        return text(say(message));
    }

    static String text(CompletableFuture<Answer> answer) {
        return answer.isDone() ? text(answer.join()) : "...";
    }

    static String text(Answer answer) {
        if (answer instanceof Answer.Offer offer) {
            return "OFFER " + offer.terms().address();
        }
        if (answer instanceof Answer.Ack ack) {
            return "ACK " + ack.terms().address() + " "
                    + ack.terms().leaseTime().toSeconds();
        }
        if (answer instanceof Answer.BootReply reply) {
            return "BOOTREPLY " + reply.terms().address() + " "
                    + reply.terms().leaseTime().toSeconds();
        }
        if (answer instanceof Answer.InformAck ack) {
            return "INFORMED " + ack.address();
        }
        if (answer instanceof Answer.Nak nak) {
            return "NAK " + nak.reason();
        }
        return "SILENCE " + ((Answer.Silence) answer).reason();
    }

    static Step ask(ClientMessage message, String expected) {
        return scene -> assertThat(scene.hears(message)).as(message.toString()).isEqualTo(expected);
    }

    static Step pass(Duration time) {
        return scene -> scene.now = scene.now.plus(time);
    }

    /** The daemon's clockwork turns, as it does once a second. */
    static Step tick() {
        return scene -> {
            scene.desk.passTime();
            scene.run();
        };
    }

    /** The daemon is killed and started again. */
    static Step restart() {
        return Scene::start;
    }

    /** The daemon is started again with other settings. */
    static Step restartWith(Setting setting) {
        return scene -> {
            scene.setting = setting;
            scene.start();
        };
    }

    static Step holdStore() {
        return scene -> scene.store.hold();
    }

    static Step letStoreGo() {
        return scene -> {
            scene.store.letGo();
            scene.run();
        };
    }

    static Step storeFails(boolean failing) {
        return scene -> scene.store.failing(failing);
    }

    static Step denied(String machine) {
        return scene -> scene.access = request -> CompletableFuture.completedStage(
                request.client().hardware().equals(HardwareAddress.parse(machine))
                        ? new Verdict.Denied("not listed")
                        : Verdict.GRANTED);
    }

    static Step recorded(LeaseChange.Kind... kinds) {
        return scene -> assertThat(scene.store.kinds()).containsExactly(kinds);
    }

    /** A machine that has gone through DISCOVER and REQUEST. */
    static Step boots(String machine, String address) {
        return scene -> {
            ask(discover(machine), "OFFER " + address).play(scene);
            ask(scene.selectOffered(machine, address), "ACK " + address + " " + scene.setting.leaseTime.toSeconds())
                    .play(scene);
        };
    }

    static ClientMessage discover(String machine) {
        return new ClientMessage.Discover(plain(machine), Optional.empty());
    }

    static ClientMessage discover(String machine, String hint) {
        return new ClientMessage.Discover(plain(machine), Optional.of(Ipv4.parse(hint)));
    }

    /** Names the server as it is known in the address's subnet. */
    private ClientMessage selectOffered(String machine, String address) {
        Ipv4 wanted = Ipv4.parse(address);
        Ipv4 server = Stream.of(setting.lan(), setting.annex())
                .filter(subnet -> subnet.network().contains(wanted))
                .map(Subnet::server)
                .findFirst()
                .orElse(SELF);
        return new ClientMessage.Select(plain(machine), server, wanted);
    }

    static ClientMessage select(String machine, String address) {
        return new ClientMessage.Select(plain(machine), SELF, Ipv4.parse(address));
    }

    static ClientMessage reboot(String machine, String address) {
        return new ClientMessage.Reboot(plain(machine), Ipv4.parse(address));
    }

    static ClientMessage renew(String machine, String address) {
        return new ClientMessage.Renew(plain(machine), Ipv4.parse(address));
    }

    static ClientMessage rebind(String machine, String address) {
        return new ClientMessage.Rebind(plain(machine), Ipv4.parse(address));
    }

    static ClientMessage release(String machine, String address) {
        return new ClientMessage.Release(plain(machine), Optional.of(SELF), Ipv4.parse(address));
    }

    static ClientMessage decline(String machine, String address) {
        return new ClientMessage.Decline(plain(machine), Optional.of(SELF), Ipv4.parse(address));
    }

    static ClientMessage inform(String machine, String address) {
        return new ClientMessage.Inform(plain(machine), Ipv4.parse(address));
    }

    static ClientMessage bootp(String machine) {
        return new ClientMessage.Bootp(plain(machine), Ipv4.UNSPECIFIED);
    }

    static Request plain(String machine) {
        return request(machine, BootStage.OPERATING_SYSTEM, "lan", 0);
    }

    static Request firmware(String machine) {
        return request(machine, BootStage.FIRMWARE, "lan", 0);
    }

    static Request request(String machine, BootStage stage, String subnet, int xid) {
        HardwareAddress hardware = HardwareAddress.parse(machine);
        return new Request(
                xid,
                new ClientIdentity(
                        hardware,
                        Optional.empty(),
                        stage == BootStage.FIRMWARE && machine.equals(ANNA)
                                ? Optional.of(ANNAS_UUID)
                                : Optional.empty()),
                stage,
                subnet,
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** A stored lease of the lan that ends in an hour from the start. */
    static Lease stored(String machine, String address) {
        return stored(machine, address, Lease.State.BOUND, START, START.plus(LEASE_TIME));
    }

    static Lease stored(String machine, String address, Lease.State state, Instant since, Instant until) {
        return new Lease(
                Ipv4.parse(address),
                "lan",
                ClientIdentity.of(HardwareAddress.parse(machine)),
                Optional.empty(),
                false,
                state,
                since,
                until);
    }
}

package org.jbootd.domain.simulation;

import static org.jbootd.domain.simulation.Timeline.SECOND;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/**
 * A machine as RFC 2131 figure 5 draws it, started by PXE firmware (retransmitting after 4, 8, 16, 32 s) where its habits
 * say so: firmware, then boot loader, then operating system, each with an exchange of its own. It renews at half life, rebinds at
 * seven eighths, and is switched off and on again, moved to another network, or finds its address in use.
 */
final class Machine implements Host {

    private enum Phase {
        OFF,
        SELECTING,
        REQUESTING,
        REBOOTING,
        LOADING,
        BOUND,
        RENEWING
    }

    private static final List<BootStage> NETWORK_BOOT =
            List.of(BootStage.FIRMWARE, BootStage.BOOT_LOADER, BootStage.OPERATING_SYSTEM);
    private static final List<BootStage> OPERATING_SYSTEM = List.of(BootStage.OPERATING_SYSTEM);
    private static final List<ClientArchitecture> ARCHITECTURES = List.of(new ClientArchitecture(7));
    private static final int ATTEMPTS = 4;

    private final World world;
    private final Wire wire;
    private final Habits habits;
    private final Optional<UUID> uuid;
    private final List<BootStage> stages;

    private HardwareAddress hardware;
    private String subnet;
    private Phase phase = Phase.OFF;
    private int timer;
    private int stage;
    private int xid;
    private int attempt;
    private ClientMessage asking;
    private Ipv4 remembered;
    private Answer.Terms lease;
    private long leaseStart;
    private boolean staysOff;

    Machine(World world, Wire wire, Habits habits, String subnet) {
        this.world = world;
        this.wire = wire;
        this.habits = habits;
        this.hardware = habits.hardware();
        this.subnet = subnet;
        this.uuid =
                habits.networkBoots() ? Optional.of(new UUID(habits.hardware().hashCode(), 1)) : Optional.empty();
        this.stages = habits.networkBoots() ? NETWORK_BOOT : OPERATING_SYSTEM;
    }

    Habits habits() {
        return habits;
    }

    String subnet() {
        return subnet;
    }

    /** The terms it lives by now, when it is bound as an operating system. */
    Optional<Answer.Terms> lease() {
        return phase == Phase.BOUND || phase == Phase.RENEWING ? Optional.ofNullable(lease) : Optional.empty();
    }

    boolean isAtFirmware() {
        return stages.get(stage) == BootStage.FIRMWARE;
    }

    /** Its last address, whether it may still use it or not. */
    Optional<Ipv4> remembered() {
        return Optional.ofNullable(remembered);
    }

    void powerOn() {
        stage = 0;
        begin();
    }

    /** Only an operating system has a disk to remember an address on. */
    private void begin() {
        if (remembered != null && stages.get(stage) == BootStage.OPERATING_SYSTEM && habits.remembersAddress()) {
            world.coverage.count(Fault.MACHINE_INIT_REBOOT);
            ask(Phase.REBOOTING, new ClientMessage.Reboot(newExchange(), remembered));
        } else {
            discover();
        }
    }

    /** It is off without a word, and on again after {@code nanos}. */
    void powerFails(long nanos) {
        switchOffAndOn(nanos);
    }

    /** Stops whatever it does, without a word, and does nothing more. */
    void powerOff() {
        phase = Phase.OFF;
        timer++;
        staysOff = true;
    }

    private void discover() {
        ask(Phase.SELECTING, new ClientMessage.Discover(newExchange(), Optional.ofNullable(remembered)));
    }

    private Request newExchange() {
        xid = world.chance.anyInt();
        return request();
    }

    private Request request() {
        BootStage now = stages.get(stage);
        boolean system = now == BootStage.OPERATING_SYSTEM;
        return new Request(
                xid,
                identity(now),
                now,
                subnet,
                Ipv4.UNSPECIFIED,
                system ? List.of() : ARCHITECTURES,
                Optional.empty(),
                Optional.empty());
    }

    /** How it shows itself as an operating system. */
    ClientIdentity identity() {
        return identity(BootStage.OPERATING_SYSTEM);
    }

    /** How it shows itself on its way to one: with several keys it needs several addresses. */
    Stream<ClientIdentity> identities() {
        return stages.stream().map(this::identity);
    }

    private ClientIdentity identity(BootStage as) {
        return new ClientIdentity(hardware, habits.identifier(as), as.networkBoots() ? uuid : Optional.empty())
                .by(habits.identification());
    }

    private void ask(Phase next, ClientMessage message) {
        phase = next;
        attempt = 0;
        asking = message;
        sendAgain();
    }

    /** RFC 2131 §4.1: 4 s, then twice as long each time, give or take a second. */
    private void sendAgain() {
        if (attempt > ATTEMPTS) {
            noAnswer();
            return;
        }
        wire.send(this, asking);
        long patience = (4L << attempt++) * SECOND + world.chance.nanos(-SECOND / 2, SECOND / 2);
        after(patience, this::sendAgain);
    }

    private void noAnswer() {
        if (phase == Phase.REQUESTING || phase == Phase.REBOOTING || stages.get(stage) == BootStage.OPERATING_SYSTEM) {
            discover();
        } else {
            switchOffAndOn(world.chance.seconds(20, 120));
        }
    }

    private void after(long nanos, Runnable what) {
        int set = ++timer;
        world.timeline.after(nanos, () -> {
            if (set == timer) {
                what.run();
            }
        });
    }

    @Override
    public void hear(ClientMessage sent, Answer answer) {
        if (sent.request().xid() != xid) {
            return;
        }
        if (phase == Phase.SELECTING && answer instanceof Answer.Offer offer) {
            choose(offer.terms());
        } else if (phase == Phase.REQUESTING
                && answer instanceof Answer.Offer other
                && world.happens(Fault.MACHINE_TAKES_TWO_OFFERS)) {
            wire.send(this, select(other.terms()));
        } else if (isAsking() && answer instanceof Answer.Ack ack) {
            take(ack.terms());
        } else if (isAsking() && answer instanceof Answer.Nak) {
            remembered = null;
            lease = null;
            phase = Phase.OFF;
            after(SECOND, this::discover);
        }
    }

    private boolean isAsking() {
        return phase == Phase.REQUESTING || phase == Phase.REBOOTING || phase == Phase.RENEWING;
    }

    private void choose(Answer.Terms offered) {
        if (world.happens(Fault.OTHER_SERVER_CHOSEN)) {
            Ipv4 other = offered.subnet().server().plus(1);
            wire.send(this, new ClientMessage.Select(request(), other, offered.address()));
            remembered = null;
            switchOffAndOn(world.chance.seconds(10, 600));
        } else {
            ask(Phase.REQUESTING, select(offered));
        }
    }

    private ClientMessage select(Answer.Terms offered) {
        return new ClientMessage.Select(request(), offered.subnet().server(), offered.address());
    }

    private void take(Answer.Terms terms) {
        lease = terms;
        leaseStart = world.timeline.elapsed();
        remembered = terms.address();
        if (stage < stages.size() - 1) {
            load();
        } else if (phase != Phase.RENEWING && world.happens(Fault.MACHINE_DECLINES)) {
            decline();
        } else {
            live();
        }
    }

    private void load() {
        phase = Phase.LOADING;
        after(world.chance.seconds(0.5, 30), () -> {
            stage++;
            begin();
        });
    }

    private void decline() {
        wire.send(
                this,
                new ClientMessage.Decline(
                        newExchange(), Optional.of(lease.subnet().server()), lease.address()));
        phase = Phase.OFF;
        lease = null;
        remembered = null;
        after(10 * SECOND, this::discover);
    }

    private void live() {
        phase = Phase.BOUND;
        long life = lease.leaseTime().compareTo(Lease.FOREVER) >= 0
                ? 86_400 * SECOND
                : lease.leaseTime().toNanos();
        if (world.happens(Fault.MACHINE_INFORMS)) {
            wire.send(this, new ClientMessage.Inform(request(), lease.address()));
        }
        if (world.happens(Fault.MACHINE_POWER_CYCLE)) {
            after(world.chance.nanos(0, life), this::leave);
        } else {
            after(life / 2, this::renew);
        }
    }

    /** Nobody leaves any more once it is calm: whoever is there must be served in the end. */
    private void leave() {
        if (world.isCalm()) {
            renew();
            return;
        }
        if (world.happens(Fault.MACHINE_RELEASES)) {
            wire.send(
                    this,
                    new ClientMessage.Release(
                            newExchange(), Optional.of(lease.subnet().server()), lease.address()));
        }
        if (world.happens(Fault.MACHINE_ROAMS)) {
            subnet = wire.anotherSubnet(subnet);
        }
        if (world.happens(Fault.MACHINE_CARD_SWAPPED)) {
            hardware = hardware.equals(habits.hardware()) ? Hardware.second(hardware) : habits.hardware();
        }
        switchOffAndOn(world.chance.seconds(1, 900));
    }

    private void switchOffAndOn(long pause) {
        phase = Phase.OFF;
        lease = null;
        timer++;
        if (!staysOff) {
            after(pause, this::powerOn);
        }
    }

    /** RFC 2131 §4.4.5: ask again after half of what is left, but not more often than each minute. */
    private void renew() {
        phase = Phase.RENEWING;
        long life = lease.leaseTime().toNanos();
        long age = world.timeline.elapsed() - leaseStart;
        if (age >= life) {
            lease = null;
            discover();
        } else {
            Request request = newExchange();
            wire.send(
                    this,
                    age < life * 7 / 8
                            ? new ClientMessage.Renew(request, lease.address())
                            : new ClientMessage.Rebind(request, lease.address()));
            after(Math.min(life - age, Math.max((life - age) / 2, 60 * SECOND)), this::renew);
        }
    }
}

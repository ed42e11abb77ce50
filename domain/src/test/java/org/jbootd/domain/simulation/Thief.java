package org.jbootd.domain.simulation;

import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** Sends RELEASE, DECLINE and REQUEST for addresses of others, and floods the server with machines that do not exist. */
final class Thief implements Host {

    private static final int FLOOD = 40;

    private final World world;
    private final Wire wire;
    private final List<Subnet> subnets;
    private final HardwareAddress hardware;

    private boolean stopped;

    Thief(World world, Wire wire, List<Subnet> subnets, HardwareAddress hardware) {
        this.world = world;
        this.wire = wire;
        this.subnets = subnets;
        this.hardware = hardware;
    }

    void start() {
        world.timeline.after(world.chance.seconds(1, 60), this::act);
    }

    void stop() {
        stopped = true;
    }

    private void act() {
        if (stopped) {
            return;
        }
        Subnet subnet = world.chance.oneOf(subnets);
        Ipv4 victim = subnet.pool().at(world.chance.between(-1, subnet.pool().count()));
        Optional<Ipv4> server = world.chance.of(0.8) ? Optional.of(subnet.server()) : Optional.empty();
        if (world.happens(Fault.FORGED_RELEASE)) {
            wire.send(this, new ClientMessage.Release(request(hardware, subnet), server, victim));
        }
        if (world.happens(Fault.FORGED_DECLINE)) {
            wire.send(this, new ClientMessage.Decline(request(hardware, subnet), server, victim));
        }
        if (world.happens(Fault.FORGED_REQUEST)) {
            wire.send(this, claim(request(hardware, subnet), subnet, victim));
        }
        if (world.happens(Fault.FLOOD)) {
            flood(subnet);
        }
        start();
    }

    private ClientMessage claim(Request request, Subnet subnet, Ipv4 victim) {
        return switch (world.chance.between(0, 4)) {
            case 0 -> new ClientMessage.Select(request, subnet.server(), victim);
            case 1 -> new ClientMessage.Reboot(request, victim);
            case 2 -> new ClientMessage.Renew(request, victim);
            case 3 -> new ClientMessage.Rebind(request, victim);
            default -> new ClientMessage.Bootp(request, victim);
        };
    }

    private void flood(Subnet subnet) {
        for (int i = world.chance.between(1, FLOOD); i > 0; i--) {
            HardwareAddress stranger = Hardware.stranger(world.chance.between(0, 0xffffff));
            wire.send(this, new ClientMessage.Discover(request(stranger, subnet), Optional.empty()));
        }
    }

    private Request request(HardwareAddress sender, Subnet subnet) {
        return new Request(
                world.chance.anyInt(),
                ClientIdentity.of(sender),
                world.chance.of(0.5) ? BootStage.FIRMWARE : BootStage.OPERATING_SYSTEM,
                subnet.name(),
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** Takes every tenth offer that its inventions get. */
    @Override
    public void hear(ClientMessage sent, Answer answer) {
        if (!stopped && answer instanceof Answer.Offer offer && world.chance.of(0.1)) {
            Answer.Terms terms = offer.terms();
            wire.send(
                    this,
                    new ClientMessage.Select(sent.request(), terms.subnet().server(), terms.address()));
        }
    }
}

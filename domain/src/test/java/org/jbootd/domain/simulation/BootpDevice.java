package org.jbootd.domain.simulation;

import static org.jbootd.domain.simulation.Timeline.SECOND;

import java.util.List;
import java.util.Optional;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** A device that speaks BOOTP only: it asks until it is answered, and once more whenever it starts. */
final class BootpDevice implements Host {

    private final World world;
    private final Wire wire;
    private final HardwareAddress hardware;
    private final String subnet;

    private int xid;
    private int timer;
    private int attempt;

    BootpDevice(World world, Wire wire, HardwareAddress hardware, String subnet) {
        this.world = world;
        this.wire = wire;
        this.hardware = hardware;
        this.subnet = subnet;
    }

    void powerOn() {
        xid = world.chance.anyInt();
        attempt = 0;
        ask();
    }

    void powerOff() {
        timer++;
    }

    private void ask() {
        world.coverage.count(Fault.BOOTP);
        Request request = new Request(
                xid,
                ClientIdentity.of(hardware),
                BootStage.OPERATING_SYSTEM,
                subnet,
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
        wire.send(this, new ClientMessage.Bootp(request, Ipv4.UNSPECIFIED));
        attempt++;
        after((4L << Math.min(attempt, 5)) * SECOND, attempt % 6 == 0 ? this::powerOn : this::ask);
    }

    @Override
    public void hear(ClientMessage sent, Answer answer) {
        if (answer instanceof Answer.BootReply && sent.request().xid() == xid) {
            after(world.chance.seconds(60, 3600), this::powerOn);
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
}

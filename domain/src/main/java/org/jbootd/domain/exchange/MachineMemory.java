package org.jbootd.domain.exchange;

import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;

/** What is known of a machine from its earlier messages: by its lease, or by its having booted over the network lately. */
final class MachineMemory {

    private final LeaseBook book;
    private final NetworkBooters booters = new NetworkBooters();

    MachineMemory(LeaseBook book) {
        this.book = book;
    }

    /** A machine has an answer. */
    void answered(Request request) {
        if (request.stage().networkBoots()) {
            booters.add(request.client().hardware(), request.client().uuid());
        }
    }

    /** What the firmware told stands for the operating system too, which tells neither UUID nor network boot. */
    Request complete(Request request, Subnet subnet) {
        HardwareAddress hardware = request.client().hardware();
        Optional<Lease> memory = book.memoryOf(request);
        Optional<Lease> machine = book.memoryOfMachine(request).or(() -> memory);
        Optional<UUID> uuid = request.client()
                .uuid()
                .or(() -> booters.uuid(hardware))
                .or(() -> machine.flatMap(lease -> lease.client().uuid()));
        return new Request(
                request.xid(),
                request.client().with(uuid),
                request.stage(),
                subnet.name(),
                request.relay(),
                request.architectures(),
                request.hostName(),
                request.relayInformation(),
                memory.filter(lease -> lease.state() != Lease.State.DECLINED).map(Lease::address),
                booters.contains(hardware)
                        || machine.filter(Lease::networkBooted).isPresent()
                        || memory.filter(Lease::networkBooted).isPresent());
    }
}

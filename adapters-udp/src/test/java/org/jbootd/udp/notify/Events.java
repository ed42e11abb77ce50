package org.jbootd.udp.notify;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.event.MachineEvent;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** Something to tell. */
final class Events {

    private Events() {}

    static MachineEvent given(BootStage stage, HardwareAddress hardware, Optional<UUID> uuid, Ipv4 address) {
        return new MachineEvent.Given(request(stage, hardware, uuid), address, Optional.empty());
    }

    static MachineEvent released(HardwareAddress hardware, Optional<UUID> uuid, Ipv4 address) {
        return new MachineEvent.Released(request(BootStage.OPERATING_SYSTEM, hardware, uuid), address);
    }

    private static Request request(BootStage stage, HardwareAddress hardware, Optional<UUID> uuid) {
        return new Request(
                1,
                new ClientIdentity(hardware, Optional.empty(), uuid),
                stage,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** One that its number tells from others. */
    static MachineEvent number(int number) {
        return given(
                BootStage.OPERATING_SYSTEM,
                HardwareAddress.parse("02-00-00-00-00-01"),
                Optional.empty(),
                new Ipv4(number));
    }
}

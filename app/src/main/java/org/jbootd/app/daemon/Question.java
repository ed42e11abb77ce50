package org.jbootd.app.daemon;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.app.demo.SimulatedMachine;
import org.jbootd.app.settings.Architectures;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;
import org.jbootd.udp.dhcp.Options;

/**
 * About whom {@code jbootd explain} is asked. Firmware shows a UUID or an architecture, iPXE its user class, an operating
 * system none of them.
 *
 * @param clientIdentifier option 61
 * @param relay giaddr of the relay that it is behind
 * @param device the served interface that its message comes in by; without it the first one
 * @param file the name that it asks for by TFTP, instead of the boot file it is told
 */
public record Question(
        HardwareAddress hardware,
        Optional<UUID> uuid,
        Optional<Octets> clientIdentifier,
        Optional<ClientArchitecture> architecture,
        Optional<String> userClass,
        Optional<Ipv4> relay,
        Optional<String> device,
        Optional<String> file) {

    private static final int MESSAGE_TYPE = 53;
    private static final int VENDOR_CLASS = 60;
    private static final int CLIENT_IDENTIFIER = 61;
    private static final int USER_CLASS = 77;
    private static final int ARCHITECTURE = 93;
    private static final int MACHINE_IDENTIFIER = 97;
    private static final int DISCOVER = 1;

    /** The DISCOVER that such a machine would send. */
    DhcpPacket packet() {
        byte[] chaddr = ByteBuffer.allocate(16).put(hardware.octets().toArray()).array();
        return new DhcpPacket(
                DhcpPacket.BOOTREQUEST,
                hardware.type(),
                hardware.octets().length(),
                relay.isPresent() ? 1 : 0,
                1,
                0,
                DhcpPacket.BROADCAST_FLAG,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                relay.orElse(Ipv4.UNSPECIFIED),
                Octets.of(chaddr),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                Options.of(options()));
    }

    private Map<Integer, Octets> options() {
        Map<Integer, Octets> options = new LinkedHashMap<>();
        options.put(MESSAGE_TYPE, Octets.of((byte) DISCOVER));
        uuid.ifPresent(id -> options.put(MACHINE_IDENTIFIER, SimulatedMachine.machineIdentifier(id)));
        clientIdentifier.ifPresent(id -> options.put(CLIENT_IDENTIFIER, id));
        architecture.ifPresent(found -> {
            options.put(ARCHITECTURE, Octets.of((byte) (found.code() >> 8), (byte) found.code()));
        });
        if (uuid.isPresent() || architecture.isPresent() || userClass.isPresent()) {
            boolean http = architecture.filter(Question::bootsByHttp).isPresent();
            options.put(VENDOR_CLASS, ascii(http ? "HTTPClient" : "PXEClient"));
        }
        userClass.ifPresent(name -> options.put(USER_CLASS, ascii(name)));
        return options;
    }

    private static boolean bootsByHttp(ClientArchitecture architecture) {
        return Architectures.NAMES.entrySet().stream()
                .anyMatch(name ->
                        name.getKey().endsWith("-http") && name.getValue().contains(architecture.code()));
    }

    private static Octets ascii(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}

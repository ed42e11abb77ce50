package org.jbootd.udp.dhcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.client.BootProtocol;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.net.Octets;

/** What the options of a request tell about its sender. Whatever is broken reads as not said. */
final class ClientFacts {

    static final String PXE = "PXEClient";
    static final String HTTP = "HTTPClient";

    /** Octets of a client identifier or of relay information that are worth remembering; longer ones are not. */
    static final int MAX_IDENTIFIER = 255;

    private static final String IPXE = "iPXE";
    private static final int MAX_ARCHITECTURES = 16;
    private static final int MACHINE_IDENTIFIER_SIZE = 17;

    private ClientFacts() {}

    static BootStage stage(Options options) {
        if (options.text(OptionCode.USER_CLASS).filter(ClientFacts::namesIpxe).isPresent()) {
            return BootStage.BOOT_LOADER;
        }
        Optional<BootProtocol> protocol = protocol(options);
        if (protocol.filter(BootProtocol.HTTP::equals).isPresent()) {
            return BootStage.HTTP_FIRMWARE;
        }
        boolean pxe = protocol.isPresent()
                || options.has(OptionCode.ARCHITECTURES)
                || options.has(OptionCode.NETWORK_INTERFACE)
                || machineIdentifier(options).isPresent();
        return pxe ? BootStage.FIRMWARE : BootStage.OPERATING_SYSTEM;
    }

    /** How firmware wants to be told what to boot; empty when it does not name the class of either way. */
    static Optional<BootProtocol> protocol(Options options) {
        String named = options.text(OptionCode.VENDOR_CLASS).orElse("");
        if (named.startsWith(PXE)) {
            return Optional.of(BootProtocol.PXE);
        }
        return named.startsWith(HTTP) ? Optional.of(BootProtocol.HTTP) : Optional.empty();
    }

    /** What option 60 begins with, in requests as in replies. */
    static String vendorClass(BootProtocol protocol) {
        return protocol == BootProtocol.PXE ? PXE : HTTP;
    }

    /** iPXE writes its name plainly; RFC 3004 §4 wants each class behind an octet with its length. Both are met. */
    private static boolean namesIpxe(String userClass) {
        if (userClass.equals(IPXE)) {
            return true;
        }
        int at = 0;
        while (at < userClass.length()) {
            int length = userClass.charAt(at);
            if (length == IPXE.length() && userClass.startsWith(IPXE, at + 1)) {
                return true;
            }
            at += 1 + length;
        }
        return false;
    }

    /** Option 93 in the client's order (RFC 4578 §2.1), else what option 60 says. */
    static List<ClientArchitecture> architectures(Options options) {
        Octets listed = options.get(OptionCode.ARCHITECTURES).orElse(Octets.EMPTY);
        if (listed.length() == 0 || listed.length() % 2 != 0) {
            return options.text(OptionCode.VENDOR_CLASS).flatMap(ClientArchitecture::inVendorClass).stream()
                    .toList();
        }
        List<ClientArchitecture> architectures = new ArrayList<>();
        for (int at = 0; at < listed.length() && architectures.size() < MAX_ARCHITECTURES; at += 2) {
            architectures.add(new ClientArchitecture(listed.at(at) << 8 | listed.at(at + 1)));
        }
        return architectures;
    }

    static ClientIdentity identity(DhcpPacket packet) {
        return new ClientIdentity(
                packet.hardwareAddress(),
                remembered(packet.options(), OptionCode.CLIENT_IDENTIFIER),
                machineIdentifier(packet.options()).flatMap(ClientFacts::uuid));
    }

    /** The value of an option, unless it is empty or too long to be worth remembering. */
    static Optional<Octets> remembered(Options options, int code) {
        return options.get(code).filter(value -> value.length() > 0 && value.length() <= MAX_IDENTIFIER);
    }

    /** Option 97 when it has the only length that there is (RFC 4578 §2.3). */
    static Optional<Octets> machineIdentifier(Options options) {
        return options.get(OptionCode.MACHINE_IDENTIFIER).filter(value -> value.length() == MACHINE_IDENTIFIER_SIZE);
    }

    /**
     * The UUID as SMBIOS stores it and as {@code dmidecode} and hypervisors print it: the first three groups come with
     * their least significant octet first. All zeros and all ones mean that the machine has none (SMBIOS §7.2.1).
     */
    private static Optional<UUID> uuid(Octets identifier) {
        if (identifier.at(0) != 0) {
            return Optional.empty();
        }
        long high = bigEndian(identifier, 4, 3, 2, 1, 6, 5, 8, 7);
        long low = bigEndian(identifier, 9, 10, 11, 12, 13, 14, 15, 16);
        boolean unset = high == 0 && low == 0 || high == -1 && low == -1;
        return unset ? Optional.empty() : Optional.of(new UUID(high, low));
    }

    private static long bigEndian(Octets octets, int... order) {
        long value = 0;
        for (int at : order) {
            value = value << 8 | octets.at(at);
        }
        return value;
    }

    /** Option 12 without blanks and anything that does not print, at most 255 characters. */
    static Optional<String> hostName(Options options) {
        StringBuilder name = new StringBuilder();
        for (char c : options.text(OptionCode.HOST_NAME).orElse("").toCharArray()) {
            if (c > ' ' && c < 0x7f && name.length() < 255) {
                name.append(c);
            }
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
    }
}

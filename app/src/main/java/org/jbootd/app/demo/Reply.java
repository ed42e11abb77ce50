package org.jbootd.app.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;
import org.jbootd.udp.dhcp.DhcpPacket;

/**
 * What a server answered to a simulated machine.
 *
 * @param after from the first sending of the request
 * @param sent how often the request was sent until then
 */
public record Reply(DhcpPacket packet, Duration after, int sent) {

    private static final int BOOT_FILE_BLOCKS = 13;
    private static final int LEASE_TIME = 51;
    private static final int MESSAGE_TYPE = 53;
    private static final int SERVER_IDENTIFIER = 54;
    private static final int MESSAGE = 56;
    private static final int BOOT_FILE = 67;

    /** The address that the machine is offered or given. */
    public Ipv4 address() {
        return packet.yiaddr();
    }

    /** Option 53; 0 in a reply to BOOTP. */
    public int messageType() {
        return packet.options().octet(MESSAGE_TYPE).orElse(0);
    }

    /** Option 54. */
    public Optional<Ipv4> server() {
        return packet.options().address(SERVER_IDENTIFIER);
    }

    /** Option 51. */
    public Optional<Duration> leaseTime() {
        return packet.options()
                .get(LEASE_TIME)
                .filter(value -> value.length() == Integer.BYTES)
                .map(value -> Duration.ofSeconds(
                        Integer.toUnsignedLong(Ipv4.of(value.toArray()).bits())));
    }

    /** Where files are: siaddr. */
    public Ipv4 fileServer() {
        return packet.siaddr();
    }

    /** Option 67, else the field {@code file}; empty when there is none. */
    public String bootFile() {
        return packet.options().text(BOOT_FILE).orElseGet(() -> text(packet.file()));
    }

    /** Option 13, in blocks of 512 octets. */
    public OptionalInt bootFileBlocks() {
        return packet.options().word(BOOT_FILE_BLOCKS);
    }

    /** Option 56: why a NAK; may be empty. */
    public String message() {
        return packet.options().text(MESSAGE).orElse("");
    }

    private static String text(Octets octets) {
        return new String(octets.toArray(), StandardCharsets.ISO_8859_1);
    }
}

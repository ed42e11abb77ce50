package org.jbootd.udp.dhcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/** Options of a reply being put together, in the order in which they are sent. */
final class ReplyOptions {

    /** What goes first when a client takes small messages only: the less it needs it, the sooner. */
    private static final List<Integer> EXPENDABLE = List.of(
            OptionCode.TFTP_SERVER,
            OptionCode.BOOT_FILE_BLOCKS,
            OptionCode.BROADCAST_ADDRESS,
            OptionCode.RENEWAL_TIME,
            OptionCode.REBINDING_TIME,
            OptionCode.MESSAGE,
            OptionCode.DOMAIN_NAME,
            OptionCode.HOST_NAME,
            OptionCode.CLIENT_IDENTIFIER,
            OptionCode.NAME_SERVERS,
            OptionCode.ROUTERS,
            OptionCode.VENDOR_INFORMATION,
            OptionCode.BOOT_FILE);

    private static final Set<Integer> LEADING =
            Set.of(OptionCode.MESSAGE_TYPE, OptionCode.SERVER_IDENTIFIER, OptionCode.SUBNET_MASK);

    private final Map<Integer, Octets> values = new LinkedHashMap<>();

    /** Goes before all of those, the last first. */
    private final Deque<Integer> optional = new ArrayDeque<>();

    ReplyOptions put(int code, Octets value) {
        values.put(code, value);
        return this;
    }

    ReplyOptions put(int code, Optional<Octets> value) {
        value.ifPresent(octets -> put(code, octets));
        return this;
    }

    /** A value that the client can do without, and gets unless the reply has one already. */
    ReplyOptions optional(int code, Octets value) {
        if (values.putIfAbsent(code, value) == null) {
            optional.push(code);
        }
        return this;
    }

    private List<Integer> expendable() {
        return Stream.concat(optional.stream(), EXPENDABLE.stream()).toList();
    }

    ReplyOptions octet(int code, int value) {
        return put(code, Octets.of((byte) value));
    }

    ReplyOptions word(int code, int value) {
        return put(code, Octets.of((byte) (value >> 8), (byte) value));
    }

    ReplyOptions address(int code, Ipv4 address) {
        return put(code, Octets.of(address.octets()));
    }

    /** Nothing at all for an empty list: these options have no empty form (RFC 2132 §3.5). */
    ReplyOptions addresses(int code, List<Ipv4> addresses) {
        if (addresses.isEmpty()) {
            return this;
        }
        ByteBuffer octets = ByteBuffer.allocate(Integer.BYTES * addresses.size());
        addresses.forEach(address -> octets.putInt(address.bits()));
        return put(code, Octets.of(octets.array()));
    }

    ReplyOptions seconds(int code, long seconds) {
        return put(
                code,
                Octets.of(
                        ByteBuffer.allocate(Integer.BYTES).putInt((int) seconds).array()));
    }

    /** @param time {@link Lease#FOREVER} and anything longer is the infinite time */
    ReplyOptions seconds(int code, Duration time) {
        return seconds(code, Math.min(time.toSeconds(), Lease.FOREVER.toSeconds()));
    }

    /** An empty text is left out: no option carrying text may be empty (RFC 2132 §2). */
    ReplyOptions text(int code, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return octets.length == 0 ? this : put(code, Octets.of(octets));
    }

    /**
     * Puts the options that a client asked for into the order in which it did (RFC 2132 §9.8), behind all others. The mask
     * stays ahead, since it stands before the routers whatever the order (RFC 2132 §3.3), and relay information stays last
     * (RFC 3046 §2.1).
     */
    void arrange(List<Integer> wishes) {
        wishes.stream().filter(code -> !LEADING.contains(code)).forEach(this::moveToTheEnd);
        moveToTheEnd(OptionCode.RELAY_INFORMATION);
    }

    private void moveToTheEnd(int code) {
        put(code, Optional.ofNullable(values.remove(code)));
    }

    /** @param available octets for these options, END not counted; what is essential stays even beyond it */
    ReplyOptions fittedInto(int available) {
        for (int code : expendable()) {
            if (OptionLayout.sizeOf(values) <= available) {
                break;
            }
            values.remove(code);
        }
        return this;
    }

    /**
     * Like {@link #fittedInto}, but borrows other fields before it leaves anything out.
     *
     * @param fileIsUsed whether the boot file stands in {@code file}: it yields only when option 67 tells it, too
     */
    OptionLayout layout(int available, boolean fileIsUsed) {
        for (int code : expendable()) {
            boolean borrowFile = !fileIsUsed || values.containsKey(OptionCode.BOOT_FILE);
            Optional<OptionLayout> layout = OptionLayout.of(values, available, borrowFile);
            if (layout.isPresent()) {
                return layout.get();
            }
            values.remove(code);
        }
        return new OptionLayout(build(), Options.NONE, Options.NONE);
    }

    Options build() {
        return Options.of(values);
    }
}

package org.jbootd.domain.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Octets;

/**
 * The list of {@code [mac]}: who is named is granted or denied as it says. An exact entry beats every prefix; among prefixes
 * the first in the file decides. May be shared by threads.
 */
public final class MacList implements AccessControl {

    private static final int MAC_BITS = 48;

    private final Map<HardwareAddress, Entry> exact = new HashMap<>();
    private final List<Entry> prefixes;

    public MacList(List<Entry> entries) {
        entries.stream()
                .filter(Entry::isExact)
                .forEach(entry -> exact.putIfAbsent(HardwareAddress.ethernet(entry.octets()), entry));
        this.prefixes = entries.stream().filter(entry -> !entry.isExact()).toList();
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        return CompletableFuture.completedStage(verdict(request.client().hardware()));
    }

    private Verdict verdict(HardwareAddress hardware) {
        Optional<Entry> entry = Optional.ofNullable(exact.get(hardware))
                .or(() -> prefixes.stream()
                        .filter(prefix -> prefix.matches(hardware))
                        .findFirst());
        if (entry.isEmpty()) {
            return new Verdict.Unlisted("not listed in [mac]");
        }
        return entry.get().granted() ? Verdict.GRANTED : new Verdict.Denied("denied by [mac] " + entry.get());
    }

    /**
     * The Ethernet addresses that begin with the first {@code bits} bits of {@code octets}.
     *
     * @param bits 0 to 48; 48 names one address
     */
    public record Entry(Octets octets, int bits, boolean granted) {

        private static final Pattern FORM = Pattern.compile(
                "([0-9a-fA-F]{2}(?:([-:]?)[0-9a-fA-F]{2}(?:\\2[0-9a-fA-F]{2}){0,4})?)(?:\\s*/\\s*(\\d{1,2}))?");

        public Entry {
            if (octets.length() != MAC_BITS / 8) {
                throw new IllegalArgumentException("an Ethernet address has 6 octets, not " + octets.length());
            }
            if (bits < 0 || bits > MAC_BITS) {
                throw new IllegalArgumentException("a prefix of a MAC address has 0 to 48 bits, not " + bits);
            }
        }

        /**
         * Reads {@code AA-BB-CC-DD-EE-FF}, {@code aa:bb:cc:dd:ee:ff}, {@code AABBCCDDEEFF}, or a prefix such as
         * {@code AA-BB-CC/24}: the leading bits that must agree.
         *
         * @throws IllegalArgumentException when {@code text} is none of these
         */
        public static Entry parse(String text, boolean granted) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw notAnEntry(text);
            }
            String digits = form.group(1).replaceAll("[-:]", "");
            boolean whole = digits.length() == MAC_BITS / 4;
            if (form.group(3) == null && !whole) {
                throw notAnEntry(text);
            }
            int bits = form.group(3) == null ? MAC_BITS : Integer.parseInt(form.group(3));
            if (bits > digits.length() * 4) {
                throw new IllegalArgumentException("'" + text + "' names " + digits.length() * 4 + " bits, so /" + bits
                        + " is too long; write more of the address");
            }
            return new Entry(Octets.parseHex(digits + "0".repeat(MAC_BITS / 4 - digits.length())), bits, granted);
        }

        private static IllegalArgumentException notAnEntry(String text) {
            return new IllegalArgumentException("'" + text
                    + "' is neither a MAC address nor a prefix of one: write AA-BB-CC-DD-EE-FF, or AA-BB-CC/24");
        }

        boolean isExact() {
            return bits == MAC_BITS;
        }

        /** Whether something is written behind the prefix, which then does not count. */
        public boolean saysMoreThanCounts() {
            return bits > 0 && (number(octets) << Long.SIZE - MAC_BITS << bits) != 0;
        }

        /** What the same line meant to pybootd 1.8, where the number counted the last bits, which did not matter. */
        public Entry inPybootd() {
            byte[] prefix = new byte[MAC_BITS / 8];
            for (int bit = 0; bit < MAC_BITS - bits; bit++) {
                int mask = 0x80 >> bit % 8;
                prefix[bit / 8] |= (byte) (octets.at(bit / 8) & mask);
            }
            return new Entry(Octets.of(prefix), MAC_BITS - bits, granted);
        }

        boolean matches(HardwareAddress hardware) {
            return hardware.type() == HardwareAddress.ETHERNET
                    && hardware.octets().length() == octets.length()
                    && (number(hardware.octets()) ^ number(octets)) >>> MAC_BITS - bits == 0;
        }

        private static long number(Octets octets) {
            long number = 0;
            for (int i = 0; i < octets.length(); i++) {
                number = number << 8 | octets.at(i);
            }
            return number;
        }

        @Override
        public String toString() {
            String address = HardwareAddress.ethernet(octets).toString();
            return isExact() ? address : address + "/" + bits;
        }
    }
}

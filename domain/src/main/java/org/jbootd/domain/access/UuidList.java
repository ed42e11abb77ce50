package org.jbootd.domain.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.client.UuidOrder;

/**
 * The list of {@code [uuid]}: who is named is granted or denied as it says. An entry names its machine in either byte order,
 * because firmware sends the first three fields little-endian (SMBIOS) and administrators write what they see. An exact
 * entry beats every mask; among masks the first in the file decides. May be shared by threads.
 */
public final class UuidList implements AccessControl {

    private static final UUID ALL_BITS = new UUID(-1, -1);

    private final Map<UUID, Entry> exact = new HashMap<>();
    private final List<Entry> masks;

    public UuidList(List<Entry> entries) {
        List<Entry> single = entries.stream().filter(Entry::isExact).toList();
        // what is written outright beats what an entry means in the other order
        single.forEach(entry -> exact.put(entry.uuid(), entry));
        single.forEach(entry -> exact.putIfAbsent(UuidOrder.WIRE.write(entry.uuid()), entry));
        this.masks = entries.stream().filter(entry -> !entry.isExact()).toList();
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        return CompletableFuture.completedStage(verdict(request.client().uuid()));
    }

    private Verdict verdict(Optional<UUID> uuid) {
        if (uuid.isEmpty()) {
            return new Verdict.Unlisted("not listed in [uuid]: no UUID is known of this machine");
        }
        Optional<Entry> entry = Optional.ofNullable(exact.get(uuid.get()))
                .or(() -> masks.stream()
                        .filter(mask -> mask.matches(uuid.get()) || mask.matches(UuidOrder.WIRE.write(uuid.get())))
                        .findFirst());
        if (entry.isEmpty()) {
            return new Verdict.Unlisted("not listed in [uuid]: " + uuid.get());
        }
        return entry.get().granted() ? Verdict.GRANTED : new Verdict.Denied("denied by [uuid] " + entry.get());
    }

    /**
     * The machines whose UUID agrees with {@code uuid} in the bits of {@code mask}, and whether they may boot.
     *
     * @param mask all ones names one machine
     */
    public record Entry(UUID uuid, UUID mask, boolean granted) {

        private static final String ONE = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
        private static final Pattern FORM = Pattern.compile("(" + ONE + ")(?:\\s*/\\s*(" + ONE + "))?");

        /**
         * Reads a UUID, or {@code UUID/UUID}, of which the second is the mask.
         *
         * @throws IllegalArgumentException when {@code text} is neither
         */
        public static Entry parse(String text, boolean granted) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a UUID: write it as in "
                        + new UUID(0x1234567812345678L, 0x8123456789abcdefL)
                        + ", or UUID/UUID, of which the second tells the bits that count");
            }
            UUID mask = form.group(2) == null ? ALL_BITS : UUID.fromString(form.group(2));
            return new Entry(UUID.fromString(form.group(1)), mask, granted);
        }

        public boolean isExact() {
            return mask.equals(ALL_BITS);
        }

        boolean matches(UUID other) {
            long most =
                    (uuid.getMostSignificantBits() ^ other.getMostSignificantBits()) & mask.getMostSignificantBits();
            long least =
                    (uuid.getLeastSignificantBits() ^ other.getLeastSignificantBits()) & mask.getLeastSignificantBits();
            return (most | least) == 0;
        }

        @Override
        public String toString() {
            return isExact() ? uuid.toString() : uuid + "/" + mask;
        }
    }
}

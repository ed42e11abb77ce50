package org.jbootd.domain.access;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jbootd.domain.client.Request;

/**
 * The list of {@code [uuid]}: who is named is granted or denied as it says, who is not, or has no UUID, is denied. An entry
 * names its machine in either byte order, because firmware sends the first three fields little-endian (SMBIOS) and
 * administrators write what they see. May be shared by threads.
 */
public final class UuidList implements AccessControl {

    private final Map<UUID, Boolean> granted = new LinkedHashMap<>();

    public UuidList(List<Entry> entries) {
        // what is written outright beats what an entry means in the other order
        entries.forEach(entry -> granted.put(entry.uuid(), entry.granted()));
        entries.forEach(entry -> granted.putIfAbsent(swapped(entry.uuid()), entry.granted()));
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        return CompletableFuture.completedStage(verdict(request.client().uuid()));
    }

    private Verdict verdict(Optional<UUID> uuid) {
        if (uuid.isEmpty()) {
            return new Verdict.Denied("no UUID known of this machine, and [uuid] lists who may boot");
        }
        Boolean grant = granted.get(uuid.get());
        if (grant == null) {
            return new Verdict.Denied("not listed in [uuid]: " + uuid.get());
        }
        return grant ? Verdict.GRANTED : new Verdict.Denied("denied by [uuid] " + uuid.get());
    }

    /** {@code uuid} with its first three fields in the other byte order. */
    static UUID swapped(UUID uuid) {
        ByteBuffer fields =
                ByteBuffer.allocate(16).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        ByteBuffer little = fields.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer big = ByteBuffer.allocate(16)
                .putInt(0, little.getInt(0))
                .putShort(4, little.getShort(4))
                .putShort(6, little.getShort(6));
        return new UUID(big.getLong(0), uuid.getLeastSignificantBits());
    }

    /** One machine and whether it may boot. */
    public record Entry(UUID uuid, boolean granted) {

        private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

        /** @throws IllegalArgumentException when {@code text} is not a UUID in its usual form */
        public static Entry parse(String text, boolean granted) {
            if (!FORM.matcher(text).matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a UUID: write 8-4-4-4-12 hexadecimal digits");
            }
            return new Entry(UUID.fromString(text), granted);
        }
    }
}

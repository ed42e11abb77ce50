package org.jbootd.domain.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** In which order the octets of a machine's UUID are written: firmware sends its first three fields little-endian (SMBIOS §7.2.1). */
public enum UuidOrder {
    /** As the machine's own tools and its label show it, and as it is known here. */
    LABEL {
        @Override
        public UUID write(UUID uuid) {
            return uuid;
        }
    },
    /** The octets of option 97 as they come, which is how pybootd read them. */
    WIRE {
        @Override
        public UUID write(UUID uuid) {
            ByteBuffer fields = ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits());
            ByteBuffer little = fields.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer big = ByteBuffer.allocate(16)
                    .putInt(little.getInt(0))
                    .putShort(little.getShort(4))
                    .putShort(little.getShort(6));
            return new UUID(big.getLong(0), fields.getLong(8));
        }
    };

    /** @param uuid in the order of {@link #LABEL} */
    public abstract UUID write(UUID uuid);
}

package org.jbootd.persistence.postgres;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;

/**
 * An event of a ledger, by which that can be known again.
 *
 * @param ledger which one, among all there are
 * @param seq number of the event, 0 for none
 * @param recordedAt when it was recorded, by the database's clock
 */
record Mark(UUID ledger, long seq, Instant recordedAt) {

    /** @throws IllegalArgumentException when {@code text} is not what {@link #toString} gave */
    static Mark parse(String text) {
        String[] words = text.strip().split(" ");
        if (words.length != 3) {
            throw new IllegalArgumentException("three words are needed, not " + words.length);
        }
        try {
            return new Mark(UUID.fromString(words[0]), Long.parseLong(words[1]), Instant.parse(words[2]));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return ledger + " " + seq + " " + recordedAt;
    }
}

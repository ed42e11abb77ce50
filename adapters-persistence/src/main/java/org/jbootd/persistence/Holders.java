package org.jbootd.persistence;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.net.Ipv4;
import org.jdbi.v3.core.Handle;

/**
 * The last few machines that had an address, each from when to when as its events were recorded: by the wall clock, which is what
 * transfers have, and not by server time, by which leases run.
 */
record Holders(List<Holder> lastFirst) {

    private static final String OF = """
            SELECT late.hardware, late.last_seq, beginning.recorded_at AS began, ending.recorded_at AS ended
            FROM (SELECT hardware, first_seq, last_seq FROM holding WHERE address = :address ORDER BY first_seq DESC FETCH FIRST 8 ROWS ONLY) late
            LEFT JOIN lease_event beginning ON beginning.seq = late.first_seq
            LEFT JOIN lease_event ending ON ending.seq = late.last_seq
            ORDER BY late.first_seq DESC""";

    /** @param began {@link Instant#MIN} when that was long ago @param ended {@link Instant#MAX} while it goes on */
    private record Holder(String hardware, Instant began, Instant ended) {

        static Holder of(ResultSet row) throws SQLException {
            boolean goesOn = row.getObject("last_seq") == null;
            return new Holder(row.getString("hardware"), time(row, "began"), goesOn ? Instant.MAX : time(row, "ended"));
        }

        /** Of an event that is not kept any more, long ago. */
        private static Instant time(ResultSet row, String column) throws SQLException {
            OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
            return time == null ? Instant.MIN : time.toInstant();
        }

        boolean had(Instant at) {
            return !at.isBefore(began) && at.isBefore(ended);
        }

        boolean goesOn() {
            return ended.equals(Instant.MAX);
        }
    }

    static Holders of(Handle handle, Ipv4 address) {
        return new Holders(handle.createQuery(OF)
                .bind("address", address.toString())
                .map((row, context) -> Holder.of(row))
                .list());
    }

    /**
     * The machine that had it then, else, as a clock may have been put back, the one that has it.
     *
     * @param at of the clock by which events are recorded
     */
    Optional<String> at(Instant at) {
        return lastFirst.stream()
                .filter(holder -> holder.had(at))
                .findFirst()
                .or(() -> lastFirst.stream().filter(Holder::goesOn).findFirst())
                .map(Holder::hardware);
    }
}

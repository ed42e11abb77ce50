package org.jbootd.domain.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;

/** A store as it is in use, on a disk and with threads of which a run disposes. */
public interface StoreOnTrial {

    /** Makes one for a run. */
    interface Maker {

        /**
         * @param world what goes wrong, and the time in which it does
         * @param crash ends the server when it is called, in the middle of whatever it does; {@link StoreOnTrial#crash} is called
         *     within
         */
        StoreOnTrial make(World world, Runnable crash);
    }

    /**
     * Opens it on what its disk has.
     *
     * @return empty when it was refused for something that is over later
     * @throws RuntimeException when it was refused otherwise, or ended by {@code crash}
     */
    Optional<LeaseStore> open();

    /** The process is dead, and the power was cut or not. Whatever the store still does has no effect. */
    void crash();

    /** Closes it in order. */
    void close();

    /** How many changes it found when it was opened. */
    long changes();

    /** Whether commits cannot be stored at present. */
    boolean isInTrouble();

    /** Server time has come so far. */
    void keepTime(Instant now);

    /**
     * Holds what can be asked of it against {@code history}, of which the last changes may not have got there yet.
     *
     * @param whole whether they must have
     * @return what is wrong; empty when nothing is
     */
    Optional<String> contradiction(List<LeaseChange> history, boolean whole);
}

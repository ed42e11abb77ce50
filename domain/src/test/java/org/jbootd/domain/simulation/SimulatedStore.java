package org.jbootd.domain.simulation;

import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.net.Ipv4;

/** A store of one server, and what the run knows to be in it. {@link #load} says what is stored for certain. */
interface SimulatedStore extends LeaseStore {

    /** Opens it. @return false when something went wrong that may be over later, or the server died meanwhile */
    boolean start();

    /** Closes it in order: what is under way is finished. */
    void stop();

    /** The server is gone, and so is what is not durable. */
    void crash();

    /** What is stored of {@code address} once all that is under way has succeeded; null when nothing is. */
    Lease believed(Ipv4 address);

    /** All that is stored once all that is under way has succeeded. */
    Iterable<Lease> believed();

    /** What is stored of {@code address} for certain; null when nothing is. */
    Lease stored(Ipv4 address);

    /** True when nothing is under way. */
    boolean isIdle();

    /** Holds what can be asked of it against what was stored, when it is closed. */
    void checkHistory();
}

package org.jbootd.domain.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.domain.net.Ipv4;

/** What a node has been told of what others did, and up to where its decisions rest on that. */
public interface Knowledge {

    /** Number of the event up to which whoever decides knows all. */
    long base();

    void follow(LeaseFollower follower);

    /** Whether the follower is not to be told more at present. */
    boolean isBehind();

    void tell(long seq, Map<Ipv4, Optional<Lease>> changed);

    /** What was done by others that a decision which rests on {@code base} does not know; empty when there is nothing. */
    Optional<String> contradiction(List<LeaseChange> changes, long base);

    /** Nothing that rests on less than {@code seq} will be asked for. */
    void forget(long seq);
}

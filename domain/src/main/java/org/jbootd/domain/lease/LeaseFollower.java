package org.jbootd.domain.lease;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.net.Ipv4;

/** Hears what is stored that it did not ask for, or that it was not told was stored. */
public interface LeaseFollower {

    /**
     * What the store holds of an address now.
     *
     * @param lease empty when nothing is known of it
     */
    record Standing(Ipv4 address, Optional<Lease> lease) {}

    /**
     * Takes over what has changed, in the order of the calls. Never blocks.
     *
     * @return completes on the thread that decides, once its decisions rest on that; a decision made before, about one of
     *     these addresses or the machines that have them, is a {@link LostRace} when it comes to be stored
     */
    CompletionStage<Void> learn(List<Standing> changed);
}

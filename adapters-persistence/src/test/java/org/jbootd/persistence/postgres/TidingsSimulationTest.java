package org.jbootd.persistence.postgres;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseFollower;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.simulation.ClusterRuns;
import org.jbootd.domain.simulation.Knowledge;
import org.junit.jupiter.api.Test;

/** The simulation of several servers, in which each knows of the others what {@link Tidings} say. */
class TidingsSimulationTest {

    private static final int SEEDS = 40;

    @Test
    void whatTidingsSayIsEnough() {
        ClusterRuns.of(SEEDS, Told::new);
    }

    private static final class Told implements Knowledge {

        private final Tidings tidings;

        Told(long base) {
            this.tidings = new Tidings(base);
        }

        @Override
        public long base() {
            return tidings.base();
        }

        @Override
        public void follow(LeaseFollower follower) {
            tidings.follow(follower);
        }

        @Override
        public boolean isBehind() {
            return tidings.isBehind();
        }

        @Override
        public void tell(long seq, Map<Ipv4, Optional<Lease>> changed) {
            tidings.tell(seq, changed);
        }

        @Override
        public Optional<String> contradiction(List<LeaseChange> changes, long base) {
            DatabaseClock.Reading clock =
                    new DatabaseClock(Instant.EPOCH, System.nanoTime(), System::nanoTime).latest();
            return tidings.contradiction(new Commit(changes, Instant.EPOCH, base, clock, 0, new CompletableFuture<>()));
        }

        @Override
        public void forget(long seq) {
            tidings.forget(seq);
        }
    }
}

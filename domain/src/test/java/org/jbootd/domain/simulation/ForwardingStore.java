package org.jbootd.domain.simulation;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;

/** A store that does what it is told, but for what is overridden. */
public class ForwardingStore implements LeaseStore {

    private final LeaseStore inner;

    public ForwardingStore(LeaseStore inner) {
        this.inner = inner;
    }

    @Override
    public List<Lease> load() {
        return inner.load();
    }

    @Override
    public Instant latest() {
        return inner.latest();
    }

    @Override
    public CompletionStage<Void> commit(List<LeaseChange> changes) {
        return inner.commit(changes);
    }
}

package org.jbootd.domain.lease;

/** The fake keeps the same promises as the real stores. */
class InMemoryLeaseStoreTest extends LeaseStoreContract {

    private final InMemoryLeaseStore store = new InMemoryLeaseStore();

    @Override
    protected LeaseStore store() {
        return store;
    }

    @Override
    protected LeaseStore reopened() {
        return store;
    }
}

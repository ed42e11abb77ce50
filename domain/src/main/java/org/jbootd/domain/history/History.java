package org.jbootd.domain.history;

/**
 * Port: keeps what changes no lease, and yet is worth knowing afterwards. Neither blocks nor throws; what there is no room for is
 * counted. Threads may share it.
 */
public interface History {

    History NONE = new History() {
        @Override
        public void refused(Refusal refusal) {}

        @Override
        public void fetched(Fetch fetch) {}
    };

    void refused(Refusal refusal);

    void fetched(Fetch fetch);
}

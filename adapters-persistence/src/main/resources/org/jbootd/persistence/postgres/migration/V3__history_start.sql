-- From this event on nothing is missing; of those before, only what current leases and other nodes need may be there
-- ([leases] history_keep).
CREATE TABLE history_start (
    seq BIGINT NOT NULL
);

INSERT INTO history_start (seq) VALUES (1);

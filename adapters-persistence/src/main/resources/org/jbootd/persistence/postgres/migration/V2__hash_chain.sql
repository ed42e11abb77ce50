-- [leases] hash_chain, as in the embedded database (../../migration/V4__hash_chain.sql); docs/audit.md tells how it is computed.
ALTER TABLE lease_event ADD COLUMN chain BYTEA;                            -- null while there is no chain
ALTER TABLE ledger_head ADD COLUMN chain BYTEA;                            -- of the last event; null while there is no chain

-- From when to when there was one.
CREATE TABLE event_chain (
    first_seq  BIGINT PRIMARY KEY,                  -- the first lease_event in it
    started_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,   -- this database's clock
    origin     BYTEA NOT NULL,                      -- what the first event follows: the last one of the chain before this one, or zeros
    last_seq   BIGINT,                              -- the last lease_event in it; null while it goes on
    head       BYTEA                                -- and what that one has
);

-- Linked events that were deleted in order ([leases] history_keep), and what those behind them follow.
CREATE TABLE chain_anchor (
    seq       BIGINT PRIMARY KEY,                   -- the last one of them
    first_seq BIGINT NOT NULL UNIQUE,               -- the first one of them
    chain     BYTEA NOT NULL                       -- what the last one had
);

-- How far the chain goes.
CREATE VIEW chain_head AS SELECT seq, chain FROM ledger_head;

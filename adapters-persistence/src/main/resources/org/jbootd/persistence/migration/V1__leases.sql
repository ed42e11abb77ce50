-- What is known of each address now: who has or had it, and until when.
CREATE TABLE lease (
    address_number    BIGINT PRIMARY KEY,            -- the address as a number, for sorting and ranges
    address           VARCHAR(15) NOT NULL,
    subnet            VARCHAR NOT NULL,
    hardware          VARCHAR(51) NOT NULL,          -- AA-BB-CC-DD-EE-FF; another type than Ethernet in front, as 6/AA-BB
    holder            VARCHAR(51),                   -- hardware of the machine whose address it is; null while it rests
    client_identifier VARBINARY,                     -- DHCP option 61
    machine_uuid      UUID,                          -- DHCP option 97
    host_name         VARCHAR,                       -- DHCP option 12
    network_booted    BOOLEAN NOT NULL,
    state             VARCHAR(8) NOT NULL,          -- BOUND, RELEASED, DECLINED
    since             TIMESTAMP(6) WITH TIME ZONE NOT NULL,   -- server time
    until             TIMESTAMP(6) WITH TIME ZONE,            -- server time; null: without end
    seq               BIGINT NOT NULL,               -- the lease_event that made it so
    CONSTRAINT one_address_a_machine UNIQUE (subnet, holder)
);

-- Every change there ever was. Only added to.
CREATE TABLE lease_event (
    seq               BIGINT PRIMARY KEY,            -- the order in which it happened
    recorded_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,   -- wall clock
    kind              VARCHAR(8) NOT NULL,           -- BOUND, RENEWED, RELEASED, DECLINED, ENDED
    address_number    BIGINT NOT NULL,
    address           VARCHAR(15) NOT NULL,
    subnet            VARCHAR NOT NULL,
    hardware          VARCHAR(51) NOT NULL,
    client_identifier VARBINARY,
    machine_uuid      UUID,
    host_name         VARCHAR,
    network_booted    BOOLEAN NOT NULL,
    state             VARCHAR(8) NOT NULL,
    since             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    until             TIMESTAMP(6) WITH TIME ZONE
);

CREATE INDEX lease_event_address ON lease_event (address_number, seq);

-- How far the journal has been written into the tables above: one row, changed in the same transaction.
CREATE TABLE journal_mark (
    seq BIGINT NOT NULL
);

INSERT INTO journal_mark (seq) VALUES (0);

-- By address and by machine, events are found part by part: parts of 16,384 events, in the order in which they happened. So a new
-- event, and the deletion of an old one, alters pages of a small index, which stay in the cache, and not one page in a place of its
-- own for each address and each machine. The view lease_change goes through all parts; docs/audit.md explains it.
DROP VIEW boot;
DROP VIEW machine;
DROP INDEX lease_event_by_address;
DROP INDEX lease_event_by_hardware;

ALTER TABLE lease_event ADD COLUMN part BIGINT GENERATED ALWAYS AS (seq / 16384);
ALTER TABLE lease_event ALTER COLUMN part SET INVISIBLE;             -- not of those columns that are shown to who asks for all

CREATE INDEX lease_event_by_address ON lease_event (part, address);
CREATE INDEX lease_event_by_hardware ON lease_event (part, hardware);

CREATE VIEW lease_change AS
SELECT seq, recorded_at, kind, address_number, address, subnet, hardware, client_identifier, machine_uuid, host_name, network_booted,
    state, since, until, reserved, cause, stage, architecture, relay, relay_information, circuit_id, remote_id, offered_at, node, chain
FROM SYSTEM_RANGE((SELECT COALESCE(MIN(seq), 0) FROM lease_event) / 16384, (SELECT COALESCE(MAX(seq), 0) FROM lease_event) / 16384) parts
    JOIN lease_event ON lease_event.part = parts.x;

CREATE VIEW machine AS
SELECT hardware,
    MIN(recorded_at) AS first_seen,
    MAX(recorded_at) AS last_seen,
    COUNT(DISTINCT address) AS addresses,
    LISTAGG(DISTINCT CAST(machine_uuid AS VARCHAR), ' ') AS machine_uuids,
    LISTAGG(DISTINCT RAWTOHEX(client_identifier), ' ') AS client_identifiers,
    LISTAGG(DISTINCT host_name, ' ') AS host_names,
    COUNT(*) AS events
FROM lease_change GROUP BY hardware;

CREATE VIEW boot AS
SELECT hardware, offered_at AS at, 'OFFERED' AS event, address, stage, architecture, NULL AS file, CAST(NULL AS BIGINT) AS octets,
    CAST(NULL AS INTEGER) AS retransmissions, CAST(NULL AS BIGINT) AS milliseconds, NULL AS outcome, CAST(NULL AS VARCHAR) AS detail, 1 AS times, seq
FROM lease_change WHERE offered_at IS NOT NULL
UNION ALL
SELECT hardware, recorded_at, kind, address, stage, architecture, NULL, NULL, NULL, NULL, NULL, cause, 1, seq
FROM lease_change
UNION ALL
SELECT hardware, started, 'TRANSFER', address, NULL, NULL, file, octets, retransmissions,
    CAST(EXTRACT(EPOCH FROM (ended - started)) * 1000 AS BIGINT), outcome, detail, 1, NULL
FROM transfer
UNION ALL
SELECT hardware, last_at, 'REFUSED', address, stage, architecture, NULL, NULL, NULL, NULL, reason, detail, times, NULL
FROM refused;

-- Events that stay though they are in front of the start of the history are in parts of their own: in -1 what a lease is now and where
-- an interval that goes on began, in -2 the last events of addresses without a lease. So who looks for an address or a machine looks
-- into the parts behind the start and into these two, and not into all that there have ever been.
ALTER TABLE lease_event ALTER COLUMN part DROP EXPRESSION;

UPDATE lease_event SET part = CASE
    WHEN EXISTS (SELECT 1 FROM lease WHERE lease.address_number = lease_event.address_number) THEN -1 ELSE -2 END
WHERE seq < (SELECT seq FROM history_start);

ALTER TABLE lease_event ALTER COLUMN part SET NOT NULL;

CREATE OR REPLACE VIEW lease_change AS
SELECT seq, recorded_at, kind, address_number, address, subnet, hardware, client_identifier, machine_uuid, host_name, network_booted,
    state, since, until, reserved, cause, stage, architecture, relay, relay_information, circuit_id, remote_id, offered_at, node, chain
FROM (SELECT x FROM SYSTEM_RANGE(-2, -1) UNION ALL
        SELECT x FROM SYSTEM_RANGE(
            COALESCE(
                (SELECT seq FROM lease_event WHERE seq >= (SELECT seq FROM history_start) ORDER BY seq FETCH FIRST ROW ONLY),
                (SELECT seq FROM history_start)) / 16384,
            (SELECT COALESCE(MAX(seq), 0) FROM lease_event) / 16384)) parts
    JOIN lease_event ON lease_event.part = parts.x;

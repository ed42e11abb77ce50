-- What the embedded database has beside lease_event, so that who asks need not know which of the two it is.
CREATE VIEW lease_change AS
SELECT seq, recorded_at, kind, address_number, address, subnet, hardware, client_identifier, machine_uuid, host_name, network_booted,
    state, since, until, reserved, cause, stage, architecture, relay, relay_information, circuit_id, remote_id, offered_at, node, chain
FROM lease_event;

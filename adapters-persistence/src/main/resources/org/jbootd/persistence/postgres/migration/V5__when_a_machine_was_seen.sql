-- A machine is seen when it says something, as in the embedded database (../../migration/V7__when_a_machine_was_seen.sql).
CREATE OR REPLACE VIEW machine AS
SELECT hardware,
    MIN(recorded_at) FILTER (WHERE kind IN ('BOUND', 'RENEWED', 'RELEASED', 'DECLINED')
        AND cause IN ('SELECT', 'REBOOT', 'RENEW', 'REBIND', 'BOOTP', 'RELEASE', 'DECLINE', 'UNKNOWN')) AS first_seen,
    MAX(recorded_at) FILTER (WHERE kind IN ('BOUND', 'RENEWED', 'RELEASED', 'DECLINED')
        AND cause IN ('SELECT', 'REBOOT', 'RENEW', 'REBIND', 'BOOTP', 'RELEASE', 'DECLINE', 'UNKNOWN')) AS last_seen,
    COUNT(DISTINCT CASE WHEN state IN ('BOUND', 'EXPIRED') OR kind = 'RELEASED' AND cause IN ('RELEASE', 'UNKNOWN') THEN address END) AS addresses,
    STRING_AGG(DISTINCT CAST(machine_uuid AS VARCHAR), ' ') AS machine_uuids,
    STRING_AGG(DISTINCT ENCODE(client_identifier, 'hex'), ' ') AS client_identifiers,
    STRING_AGG(DISTINCT host_name, ' ') AS host_names,
    COUNT(*) AS events
FROM lease_event GROUP BY hardware;

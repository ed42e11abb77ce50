-- A machine is seen when it says something: not when its lease runs out, which is recorded whenever that is noticed, nor when another
-- one takes its address over, nor by what an operator does. UNKNOWN is what a version wrote that did not tell how changes came about.
-- An address that was found in use, or is kept for a machine that never asked, is none that it had.
CREATE OR REPLACE VIEW machine AS
SELECT hardware,
    MIN(recorded_at) FILTER (WHERE kind IN ('BOUND', 'RENEWED', 'RELEASED', 'DECLINED')
        AND cause IN ('SELECT', 'REBOOT', 'RENEW', 'REBIND', 'BOOTP', 'RELEASE', 'DECLINE', 'UNKNOWN')) AS first_seen,
    MAX(recorded_at) FILTER (WHERE kind IN ('BOUND', 'RENEWED', 'RELEASED', 'DECLINED')
        AND cause IN ('SELECT', 'REBOOT', 'RENEW', 'REBIND', 'BOOTP', 'RELEASE', 'DECLINE', 'UNKNOWN')) AS last_seen,
    COUNT(DISTINCT CASE WHEN state IN ('BOUND', 'EXPIRED') OR kind = 'RELEASED' AND cause IN ('RELEASE', 'UNKNOWN') THEN address END) AS addresses,
    LISTAGG(DISTINCT CAST(machine_uuid AS VARCHAR), ' ') AS machine_uuids,
    LISTAGG(DISTINCT RAWTOHEX(client_identifier), ' ') AS client_identifiers,
    LISTAGG(DISTINCT host_name, ' ') AS host_names,
    COUNT(*) AS events
FROM lease_change GROUP BY hardware;

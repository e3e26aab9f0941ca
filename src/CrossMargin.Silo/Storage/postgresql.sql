-- The tables of Orleans' ADO.NET providers on PostgreSQL. The providers ask OrleansQuery for the text of every query they run; query keys,
-- parameters and names of result columns are theirs, the tables are ours. Where Orleans' own scripts were run before, they stay in force.
CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey varchar(64) PRIMARY KEY, QueryText text NOT NULL);

CREATE TABLE IF NOT EXISTS cluster_state (
    service_id text NOT NULL, grain_type text NOT NULL, key_text text NOT NULL, key_high bigint NOT NULL, key_low bigint NOT NULL,
    version int NOT NULL, payload bytea, changed timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service_id, grain_type, key_text, key_high, key_low));

CREATE TABLE IF NOT EXISTS cluster_version (deployment text PRIMARY KEY, version int NOT NULL, changed timestamptz NOT NULL DEFAULT now());

CREATE TABLE IF NOT EXISTS cluster_member (
    deployment text NOT NULL REFERENCES cluster_version, address text NOT NULL, port int NOT NULL, generation int NOT NULL,
    silo_name text NOT NULL, host_name text NOT NULL, status int NOT NULL, proxy_port int NOT NULL, suspected text,
    started timestamptz NOT NULL, alive timestamptz NOT NULL,
    PRIMARY KEY (deployment, address, port, generation));

CREATE TABLE IF NOT EXISTS cluster_reminder (
    service_id text NOT NULL, grain text NOT NULL, name text NOT NULL, grain_hash int NOT NULL, starts timestamptz NOT NULL,
    period bigint NOT NULL, version int NOT NULL,
    PRIMARY KEY (service_id, grain, name));

CREATE INDEX IF NOT EXISTS cluster_reminder_hash ON cluster_reminder (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- A write names the version it replaces; a first write fails if anything is there. No row in the answer is a conflict.
('WriteToStorageKey', '
WITH replaced AS (
    UPDATE cluster_state SET payload = @PayloadBinary, version = version + 1, changed = now()
    WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '''')
        AND key_high = @GrainIdN0 AND key_low = @GrainIdN1 AND version = CAST(@GrainStateVersion AS int)
    RETURNING version),
first AS (
    INSERT INTO cluster_state (service_id, grain_type, key_text, key_high, key_low, version, payload)
    SELECT @ServiceId, @GrainTypeString, coalesce(CAST(@GrainIdExtensionString AS text), ''''), @GrainIdN0, @GrainIdN1, 1, @PayloadBinary
    WHERE CAST(@GrainStateVersion AS int) IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version)
SELECT version AS NewGrainStateVersion FROM replaced UNION ALL SELECT version FROM first'),

('ReadFromStorageKey', '
SELECT payload AS PayloadBinary, version AS Version FROM cluster_state
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '''')
    AND key_high = @GrainIdN0 AND key_low = @GrainIdN1'),

('ClearStorageKey', '
UPDATE cluster_state SET payload = NULL, version = version + 1, changed = now()
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '''')
    AND key_high = @GrainIdN0 AND key_low = @GrainIdN1 AND version = CAST(@GrainStateVersion AS int)
RETURNING version AS NewGrainStateVersion'),

('DeleteStorageKey', '
DELETE FROM cluster_state
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '''')
    AND key_high = @GrainIdN0 AND key_low = @GrainIdN1 AND version = CAST(@GrainStateVersion AS int)
RETURNING version + 1 AS NewGrainStateVersion'),

('InsertMembershipVersionKey', '
WITH first AS (INSERT INTO cluster_version (deployment, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
SELECT EXISTS (SELECT 1 FROM first)'),

-- A change of a member moves the version of the whole table, and both happen or neither.
('InsertMembershipKey', '
WITH moved AS (
    UPDATE cluster_version SET version = version + 1, changed = now()
    WHERE deployment = @DeploymentId AND version = @Version AND NOT EXISTS (
        SELECT 1 FROM cluster_member
        WHERE deployment = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING 1),
joined AS (
    INSERT INTO cluster_member (deployment, address, port, generation, silo_name, host_name, status, proxy_port, started, alive)
    SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM moved
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM joined)'),

('UpdateMembershipKey', '
WITH moved AS (
    UPDATE cluster_version SET version = version + 1, changed = now()
    WHERE deployment = @DeploymentId AND version = @Version AND EXISTS (
        SELECT 1 FROM cluster_member
        WHERE deployment = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING 1),
written AS (
    UPDATE cluster_member SET status = @Status, suspected = CAST(@SuspectTimes AS text), alive = @IAmAliveTime
    FROM moved WHERE deployment = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM written)'),

('UpdateIAmAlivetimeKey', '
UPDATE cluster_member SET alive = @IAmAliveTime
WHERE deployment = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),

('MembershipReadRowKey', '
SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName, m.host_name AS HostName, m.status AS Status,
    m.proxy_port AS ProxyPort, m.suspected AS SuspectTimes, m.started AS StartTime, m.alive AS IAmAliveTime, v.version AS Version
FROM cluster_version v LEFT JOIN cluster_member m
    ON m.deployment = v.deployment AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
WHERE v.deployment = @DeploymentId'),

('MembershipReadAllKey', '
SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName, m.host_name AS HostName, m.status AS Status,
    m.proxy_port AS ProxyPort, m.suspected AS SuspectTimes, m.started AS StartTime, m.alive AS IAmAliveTime, v.version AS Version
FROM cluster_version v LEFT JOIN cluster_member m ON m.deployment = v.deployment
WHERE v.deployment = @DeploymentId'),

('GatewaysQueryKey', '
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM cluster_member
WHERE deployment = @DeploymentId AND status = @Status AND proxy_port > 0'),

('DeleteMembershipTableEntriesKey', '
WITH left_over AS (DELETE FROM cluster_member WHERE deployment = @DeploymentId)
DELETE FROM cluster_version WHERE deployment = @DeploymentId'),

-- 6 is the status of a silo that is dead.
('CleanupDefunctSiloEntriesKey', '
DELETE FROM cluster_member WHERE deployment = @DeploymentId AND status = 6 AND alive < @IAmAliveTime'),

('UpsertReminderRowKey', '
INSERT INTO cluster_reminder (service_id, grain, name, grain_hash, starts, period, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 1)
ON CONFLICT (service_id, grain, name) DO UPDATE
    SET grain_hash = excluded.grain_hash, starts = excluded.starts, period = excluded.period, version = cluster_reminder.version + 1
RETURNING version AS Version'),

('ReadReminderRowsKey', '
SELECT grain AS GrainId, name AS ReminderName, starts AS StartTime, period AS Period, version AS Version FROM cluster_reminder
WHERE service_id = @ServiceId AND grain = @GrainId'),

('ReadReminderRowKey', '
SELECT grain AS GrainId, name AS ReminderName, starts AS StartTime, period AS Period, version AS Version FROM cluster_reminder
WHERE service_id = @ServiceId AND grain = @GrainId AND name = @ReminderName'),

('ReadRangeRows1Key', '
SELECT grain AS GrainId, name AS ReminderName, starts AS StartTime, period AS Period, version AS Version FROM cluster_reminder
WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash'),

-- A range that wraps around.
('ReadRangeRows2Key', '
SELECT grain AS GrainId, name AS ReminderName, starts AS StartTime, period AS Period, version AS Version FROM cluster_reminder
WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)'),

('DeleteReminderRowKey', '
WITH gone AS (
    DELETE FROM cluster_reminder WHERE service_id = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING 1)
SELECT EXISTS (SELECT 1 FROM gone)'),

('DeleteReminderRowsKey', '
DELETE FROM cluster_reminder WHERE service_id = @ServiceId')

ON CONFLICT (QueryKey) DO NOTHING;

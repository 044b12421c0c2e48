-- For engineers: what the tables hold, a column a field. Lists are JSON arrays. Made anew at each migration; a change here takes a new schema.

DROP VIEW IF EXISTS v_devices;
CREATE VIEW v_devices AS SELECT
    coalesce(name, 'hex:' || lower(hex(device))) AS device, 'hex:' || lower(hex(device)) AS id, tenant, standing, source,
    strftime('%Y-%m-%dT%H:%M:%fZ', first_seen_ms / 1000.0, 'unixepoch') AS first_seen,
    strftime('%Y-%m-%dT%H:%M:%fZ', last_seen_ms / 1000.0, 'unixepoch') AS last_seen,
    state ->> '$.epoch' AS epoch, state ->> '$.applied' AS applied, state ->> '$.ask' AS ask, state ->> '$.pending' AS pending,
    state ->> '$.uptime_s' AS uptime_s, state ->> '$.resets' AS resets, state ->> '$.schema_rev' AS schema_rev
FROM devices;

DROP VIEW IF EXISTS v_facts;
CREATE VIEW v_facts AS SELECT
    coalesce(name, 'hex:' || lower(hex(device))) AS device, tenant, kind, key, value, json,
    strftime('%Y-%m-%dT%H:%M:%fZ', changed_at_ms / 1000.0, 'unixepoch') AS changed_at
FROM facts JOIN devices USING (device);

DROP VIEW IF EXISTS v_identity;
CREATE VIEW v_identity AS SELECT
    device, tenant, json ->> '$.key.claim' AS claim, json ->> '$.value' AS value, changed_at
FROM v_facts WHERE kind = 0;

DROP VIEW IF EXISTS v_software;
CREATE VIEW v_software AS SELECT
    device, tenant, coalesce(json ->> '$.key.named.ecosystem', json ->> '$.key.hashed.ecosystem', 'slot') AS ecosystem,
    coalesce(json ->> '$.key.named.name', nullif(json ->> '$.value.name', ''), 'slot ' || (json ->> '$.key.slot')) AS software,
    coalesce(json ->> '$.key.named.architecture', json ->> '$.value.architecture') AS architecture,
    json ->> '$.value.version' AS version, json ->> '$.value.state' AS state, json ->> '$.value.class' AS class,
    json ->> '$.value.source' AS source, json ->> '$.value.source_version' AS source_version,
    json ->> '$.value.digest' AS digest, json ->> '$.value.build_id' AS build_id, json ->> '$.value.sbom' AS sbom, changed_at
FROM v_facts WHERE kind = 1;

DROP VIEW IF EXISTS v_accounts;
CREATE VIEW v_accounts AS SELECT
    device, tenant, coalesce(json ->> '$.key.account.name', nullif(json ->> '$.value.name', ''), json ->> '$.key.account.hashed') AS account, json ->> '$.key.realm' AS realm,
    coalesce(json ->> '$.key.account.uid', json ->> '$.value.uid') AS uid,
    json ->> '$.value.roles' AS roles, json ->> '$.value.flags' AS flags, json ->> '$.value.credential' AS credential,
    json ->> '$.value.groups' AS groups, json ->> '$.value.more_groups' AS more_groups, json ->> '$.value.shell' AS shell, changed_at
FROM v_facts WHERE kind = 2;

DROP VIEW IF EXISTS v_listeners;
CREATE VIEW v_listeners AS SELECT
    device, tenant, json ->> '$.key.protocol' AS protocol, json ->> '$.key.port' AS port, json ->> '$.key.address' AS address,
    json ->> '$.key.interface' AS interface, json ->> '$.value.owner' AS owner, json ->> '$.value.account' AS account,
    json ->> '$.value.flags' AS flags, changed_at
FROM v_facts WHERE kind = 3;

DROP VIEW IF EXISTS v_neighbours;
CREATE VIEW v_neighbours AS SELECT
    device, tenant, json ->> '$.key.link' AS link, json ->> '$.key.address' AS address, json ->> '$.key.interface' AS interface,
    json ->> '$.value.name' AS neighbour, json ->> '$.value.addresses' AS addresses, json ->> '$.value.state' AS state,
    json ->> '$.value.security' AS security, nullif(json ->> '$.value.first_seen', 0) AS first_seen_s, changed_at
FROM v_facts WHERE kind = 4;

DROP VIEW IF EXISTS v_certificates;
CREATE VIEW v_certificates AS SELECT
    device, tenant, coalesce(json ->> '$.key.slot.name', 'slot ' || (json ->> '$.key.slot.slot'), json ->> '$.key.slot.hashed') AS slot,
    json ->> '$.key.index' AS "index", json ->> '$.value.certificate_type' AS type, json ->> '$.value.subject' AS subject,
    json ->> '$.value.issuer' AS issuer, json ->> '$.value.serial' AS serial, json ->> '$.value.fingerprint' AS fingerprint,
    strftime('%Y-%m-%dT%H:%M:%SZ', nullif(json ->> '$.value.not_before', 0), 'unixepoch') AS not_before,
    strftime('%Y-%m-%dT%H:%M:%SZ', nullif(json ->> '$.value.not_after', 0), 'unixepoch') AS not_after,
    json ->> '$.value.usage' AS usage, json ->> '$.value.key_kind' AS key_kind, json ->> '$.value.key_bits' AS key_bits,
    json ->> '$.value.role' AS role, changed_at
FROM v_facts WHERE kind = 5;

DROP VIEW IF EXISTS v_settings;
CREATE VIEW v_settings AS SELECT
    device, tenant, coalesce(nullif(json ->> '$.key.id', 'named'), json ->> '$.key.name') AS setting, json ->> '$.key.name' AS instance,
    json ->> '$.value' AS value, changed_at
FROM v_facts WHERE kind = 6;

DROP VIEW IF EXISTS v_health;
CREATE VIEW v_health AS SELECT
    device, tenant, coalesce(nullif(json ->> '$.key.metric', 'named'), json ->> '$.key.name') AS metric, json ->> '$.key.instance' AS instance,
    json ->> '$.value.value' AS value, json ->> '$.value.exponent' AS exponent, json ->> '$.value.unit' AS unit,
    json ->> '$.value.state' AS state, changed_at
FROM v_facts WHERE kind = 7;

DROP VIEW IF EXISTS v_agent;
CREATE VIEW v_agent AS SELECT
    device, tenant, json ->> '$.key.item' AS item, json ->> '$.key.arg' AS arg, json ->> '$.value' AS value, changed_at
FROM v_facts WHERE kind = 8;

DROP VIEW IF EXISTS v_updates;
CREATE VIEW v_updates AS SELECT
    device, tenant, json ->> '$.key.slot' AS slot, json ->> '$.key.name' AS component, json ->> '$.value.state' AS state,
    json ->> '$.value.target' AS target, json ->> '$.value.percent' AS percent, json ->> '$.value.error' AS error, changed_at
FROM v_facts WHERE kind = 9;

DROP VIEW IF EXISTS v_interfaces;
CREATE VIEW v_interfaces AS SELECT
    device, tenant, json ->> '$.key.name' AS interface, json ->> '$.value.interface_type' AS type, json ->> '$.value.link' AS link,
    json ->> '$.value.flags' AS flags, json ->> '$.value.addresses' AS addresses, json ->> '$.value.network' AS network,
    json ->> '$.value.cell' AS cell, json ->> '$.value.radio' AS radio, changed_at
FROM v_facts WHERE kind = 10;

-- Schema 1. Never edited once released: later versions are files of their own.

CREATE TABLE meta(
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    schema_version INTEGER NOT NULL,
    instance       INTEGER NOT NULL,           -- u32, random: tells devices one database from another
    created_ms     INTEGER NOT NULL            -- Unix time
) STRICT;

CREATE TABLE devices(
    device         BLOB PRIMARY KEY CHECK (length(device) BETWEEN 1 AND 16),
    name           TEXT UNIQUE,
    tenant         TEXT NOT NULL DEFAULT '',
    first_seen_ms  INTEGER NOT NULL,
    last_seen_ms   INTEGER NOT NULL,
    source         TEXT NOT NULL DEFAULT '',   -- listener and address of the last accepted packet
    state          TEXT NOT NULL               -- sync state, JSON; its epoch and last_ctr are the replay floor
) STRICT, WITHOUT ROWID;

CREATE TABLE facts(
    device         BLOB NOT NULL,
    kind           INTEGER NOT NULL,
    key            BLOB NOT NULL,
    value          BLOB NOT NULL,
    json           TEXT NOT NULL,              -- {"key":…,"value":…}, decoded
    changed_at_ms  INTEGER,                    -- Unix time of the last change, if known
    count          INTEGER,                    -- the device's wrapping count of changes, if told
    count_epoch    INTEGER NOT NULL DEFAULT 0, -- the epoch that told it
    PRIMARY KEY (device, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE log(
    n              INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms          INTEGER NOT NULL,           -- Unix time of arrival
    tenant         TEXT NOT NULL,
    device         BLOB NOT NULL,
    type           TEXT NOT NULL,              -- change, event, notice
    kind           INTEGER,                    -- of the fact; the event's type
    op             TEXT NOT NULL,              -- added, changed, removed; the severity; the notice's name
    key            BLOB,                       -- of the fact; the event's actor
    value          BLOB,                       -- now; the event's data
    old            BLOB,                       -- before
    changed_at_ms  INTEGER,                    -- Unix time of the change, if known
    times          INTEGER NOT NULL DEFAULT 1, -- changes that this line stands for
    cause          TEXT NOT NULL DEFAULT '',   -- delta, resync, …
    json           TEXT NOT NULL               -- {"key":…,"value":…,"old":…}, decoded
) STRICT;

CREATE INDEX log_by_device ON log(device, n);
CREATE INDEX log_by_time ON log(at_ms);

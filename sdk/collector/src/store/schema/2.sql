-- Schema 2: requests to a running collector, standings, counters; the log guards itself.

ALTER TABLE meta ADD COLUMN prune_before_ms INTEGER NOT NULL DEFAULT 0;

ALTER TABLE devices ADD COLUMN standing TEXT NOT NULL DEFAULT 'accepted'
    CHECK (standing IN ('accepted', 'quarantined', 'forgotten'));

-- What a person asks of a device. `run` sees to it at the next packet, and for as long as it is open.
CREATE TABLE requests(
    n           INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms       INTEGER NOT NULL,
    device      BLOB NOT NULL,
    verb        TEXT NOT NULL CHECK (verb IN ('resync')),
    taken_at_ms INTEGER,                       -- `run` has it in hand: it is part of the device's state
    done_at_ms  INTEGER
) STRICT;

CREATE INDEX requests_open ON requests(device) WHERE done_at_ms IS NULL;

CREATE TABLE counters(
    name TEXT PRIMARY KEY,
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER log_is_append_only BEFORE UPDATE ON log BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END;

CREATE TRIGGER log_is_pruned_only BEFORE DELETE ON log
WHEN OLD.at_ms >= (SELECT prune_before_ms FROM meta) BEGIN
    SELECT RAISE(ABORT, 'the log is append-only; use `prune`');
END;

-- Schema 3: devices whose packets are refused before they are opened, for `devices`.

CREATE TABLE refusals(
    device BLOB PRIMARY KEY CHECK (length(device) BETWEEN 1 AND 16),
    at_ms  INTEGER NOT NULL,                   -- Unix time of the last one
    reason TEXT NOT NULL,                      -- of the last one, a word: no_keys, downgrade, suite, kid, revoked, check, plain
    n      INTEGER NOT NULL                    -- so many in all
) STRICT, WITHOUT ROWID;

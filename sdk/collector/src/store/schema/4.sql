-- Schema 4: what people changed is told from what else is written.

-- Grows with each `name`, `forget` and `resync`: `run` reads its devices anew then, and not when lines are pruned.
ALTER TABLE meta ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;

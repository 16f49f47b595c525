CREATE TABLE blocklist (
  sha256 TEXT PRIMARY KEY,
  reason TEXT,
  created_at INTEGER NOT NULL,
  added_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blocklist_by_time ON blocklist (created_at DESC, sha256 DESC);

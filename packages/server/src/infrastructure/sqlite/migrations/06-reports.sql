CREATE TABLE reports (
  id TEXT PRIMARY KEY,
  image_id TEXT NOT NULL,
  source_sha256 TEXT,
  network TEXT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT,
  email TEXT,
  created_at INTEGER NOT NULL,
  -- NULL: open
  outcome TEXT,
  resolved_at INTEGER,
  resolved_by TEXT,
  notified_at INTEGER,
  failed_notices INTEGER,
  -- NULL: no notice waits
  notice_due_at INTEGER
) STRICT;
CREATE UNIQUE INDEX reports_open_of_image ON reports (image_id, network) WHERE outcome IS NULL;
CREATE INDEX reports_open ON reports (created_at DESC, id DESC) WHERE outcome IS NULL;
CREATE INDEX reports_resolved ON reports (created_at DESC, id DESC) WHERE outcome IS NOT NULL;
CREATE INDEX reports_to_notify ON reports (notice_due_at, id) WHERE notice_due_at IS NOT NULL;

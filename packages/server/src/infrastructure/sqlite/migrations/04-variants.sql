CREATE TABLE variants (
  image_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- When it was begun, made or used last
  stamp INTEGER NOT NULL,
  -- NULL, these three, until it is made
  size INTEGER,
  etag TEXT,
  made_at INTEGER,
  PRIMARY KEY (image_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX variants_made ON variants (stamp, name) WHERE etag IS NOT NULL;
CREATE INDEX variants_begun ON variants (stamp, name) WHERE etag IS NULL;

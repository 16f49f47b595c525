CREATE TABLE shares (
  slug TEXT PRIMARY KEY,
  owner_uid TEXT NOT NULL,
  image_id TEXT NOT NULL,
  name TEXT,
  created_at INTEGER NOT NULL,
  password_hash TEXT,
  expires_at INTEGER,
  max_views INTEGER,
  allow_download INTEGER NOT NULL,
  views INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;
CREATE INDEX shares_of_image ON shares (image_id);
CREATE INDEX shares_by_owner ON shares (owner_uid, created_at DESC, slug DESC);

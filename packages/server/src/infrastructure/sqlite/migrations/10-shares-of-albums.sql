-- Of the two ids one is there.
CREATE TABLE shares_with_albums (
  slug TEXT PRIMARY KEY,
  owner_uid TEXT NOT NULL,
  image_id TEXT,
  album_id TEXT,
  name TEXT,
  created_at INTEGER NOT NULL,
  password_hash TEXT,
  expires_at INTEGER,
  max_views INTEGER,
  allow_download INTEGER NOT NULL,
  views INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;
INSERT INTO shares_with_albums
  SELECT slug, owner_uid, image_id, NULL, name, created_at, password_hash, expires_at, max_views, allow_download, views,
    last_used_at FROM shares;
DROP TABLE shares;
ALTER TABLE shares_with_albums RENAME TO shares;
CREATE INDEX shares_by_subject ON shares (image_id, album_id);
CREATE INDEX shares_by_owner ON shares (owner_uid, created_at DESC, slug DESC);

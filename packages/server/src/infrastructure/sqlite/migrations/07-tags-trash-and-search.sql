-- JSON array
ALTER TABLE drafts ADD COLUMN tags TEXT;
ALTER TABLE images ADD COLUMN tags TEXT;
ALTER TABLE images ADD COLUMN trashed_at INTEGER;
ALTER TABLE images ADD COLUMN next_key TEXT;
ALTER TABLE images ADD COLUMN former_key TEXT;
ALTER TABLE images ADD COLUMN dated_at INTEGER GENERATED ALWAYS AS (coalesce(taken_at, created_at)) VIRTUAL;
DROP INDEX images_by_owner;
DROP INDEX images_by_source;
DROP INDEX images_by_expiry;
CREATE INDEX images_by_owner ON images (owner_uid, created_at DESC, id DESC)
  WHERE deleting_since IS NULL AND trashed_at IS NULL;
CREATE INDEX images_by_date ON images (owner_uid, dated_at DESC, id DESC)
  WHERE deleting_since IS NULL AND trashed_at IS NULL;
CREATE INDEX images_by_source ON images (owner_uid, source_sha256)
  WHERE deleting_since IS NULL AND trashed_at IS NULL AND source_sha256 IS NOT NULL;
CREATE INDEX images_by_expiry ON images (expires_at, id)
  WHERE deleting_since IS NULL AND trashed_at IS NULL AND expires_at IS NOT NULL;
CREATE INDEX images_in_trash ON images (owner_uid, trashed_at DESC, id DESC)
  WHERE deleting_since IS NULL AND trashed_at IS NOT NULL;
CREATE INDEX images_by_trashing ON images (trashed_at, id) WHERE deleting_since IS NULL AND trashed_at IS NOT NULL;

-- Live images by tag (kind 't') and word ('w').
CREATE TABLE image_terms (
  owner_uid TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (owner_uid, kind, value, created_at DESC, id DESC)
) STRICT, WITHOUT ROWID;

-- How many live images have a tag or a word, or are of a month by when they came ('m') or were taken ('d').
CREATE TABLE image_facets (
  owner_uid TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (owner_uid, kind, value)
) STRICT, WITHOUT ROWID;

-- Images whose bytes are on their way into the trash or out of it.
CREATE TABLE moves (
  id TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT;
CREATE INDEX moves_by_time ON moves (since, id);

CREATE TABLE albums (
  id TEXT PRIMARY KEY,
  owner_uid TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  visibility TEXT NOT NULL,
  cover_id TEXT,
  created_at INTEGER NOT NULL,
  places INTEGER NOT NULL,
  deleting_since INTEGER
) STRICT;
CREATE INDEX albums_by_owner ON albums (owner_uid, created_at DESC, id DESC) WHERE deleting_since IS NULL;
CREATE INDEX albums_in_deletion ON albums (deleting_since, id) WHERE deleting_since IS NOT NULL;

CREATE TABLE album_images (
  album_id TEXT NOT NULL,
  image_id TEXT NOT NULL,
  position REAL NOT NULL,
  PRIMARY KEY (album_id, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_images_in_order ON album_images (album_id, position);
CREATE INDEX albums_of_image ON album_images (image_id);

-- Images that wait for the owner of an album.
CREATE TABLE held_images (
  album_id TEXT NOT NULL,
  image_id TEXT NOT NULL,
  visibility TEXT NOT NULL,
  held_at INTEGER NOT NULL,
  PRIMARY KEY (album_id, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_of_image ON held_images (image_id);

CREATE TABLE grants (
  album_id TEXT NOT NULL,
  uid TEXT NOT NULL,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (album_id, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_by_account ON grants (uid, created_at DESC, album_id DESC);

CREATE TABLE drops (
  slug TEXT PRIMARY KEY,
  album_id TEXT NOT NULL,
  name TEXT,
  created_at INTEGER NOT NULL,
  password_hash TEXT,
  expires_at INTEGER,
  max_files INTEGER,
  max_bytes INTEGER,
  shows_album INTEGER NOT NULL,
  holds INTEGER NOT NULL,
  visibility TEXT NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX drops_of_album ON drops (album_id);

-- Files that a drop link counts and that may not come in yet.
CREATE TABLE drop_takes (
  slug TEXT NOT NULL,
  ticket TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (slug, ticket)
) STRICT, WITHOUT ROWID;

-- JSON object
ALTER TABLE drafts ADD COLUMN place TEXT;

/**
 * Each entry brings the database from the version that is its index to the next one; `user_version` counts them.
 * Never change an entry that was released: append.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE accounts (
    uid TEXT PRIMARY KEY,
    name_key TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL,
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    legacy_keys_before INTEGER,
    -- JSON object
    preferences TEXT,
    role TEXT,
    disabled_at INTEGER,
    quota_bytes INTEGER,
    quota_images INTEGER,
    quota_drafts INTEGER,
    -- See sortName
    sort_name TEXT NOT NULL,
    -- Two-factor: a sealed secret that is proposed, the one that is on, its latest step, hashes of recovery codes as a JSON array
    otp_proposed TEXT,
    otp_secret TEXT,
    otp_step INTEGER,
    otp_recovery TEXT
  ) STRICT;

  CREATE UNIQUE INDEX accounts_by_name ON accounts (sort_name, uid);

  -- Accounts that are deleted, until all that they owned is gone.
  CREATE TABLE departures (
    uid TEXT PRIMARY KEY,
    since INTEGER NOT NULL
  ) STRICT;

  -- At most one row
  CREATE TABLE setup (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    had_accounts INTEGER NOT NULL DEFAULT 0,
    nonce TEXT,
    ended INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  -- Values are JSON
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE invites (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    note TEXT,
    uses INTEGER NOT NULL,
    used INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT;
  CREATE INDEX invites_by_time ON invites (created_at DESC, id DESC);

  CREATE TABLE tokens (
    hash TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER,
    user_agent TEXT,
    confirmed_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX tokens_by_account ON tokens (uid, id);

  CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    owner_uid TEXT NOT NULL,
    key TEXT NOT NULL,
    filename TEXT NOT NULL,
    original_filename TEXT NOT NULL,
    mime TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    title TEXT,
    keep_metadata INTEGER,
    expires_in INTEGER,
    size INTEGER,
    sha256 TEXT,
    staged INTEGER NOT NULL,
    reserved_bytes INTEGER NOT NULL,
    fence INTEGER NOT NULL DEFAULT 0,
    claimed_at INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX drafts_by_owner ON drafts (owner_uid, expires_at, reserved_bytes);

  -- Outlives its draft: what the sweeper needs until the staged bytes are gone.
  CREATE TABLE traces (
    id TEXT PRIMARY KEY,
    owner_uid TEXT NOT NULL,
    key TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX traces_by_expiry ON traces (expires_at, id);

  CREATE TABLE images (
    id TEXT PRIMARY KEY,
    owner_uid TEXT NOT NULL,
    key TEXT NOT NULL,
    filename TEXT NOT NULL,
    mime TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    views INTEGER NOT NULL,
    visibility TEXT,
    original_filename TEXT,
    title TEXT,
    size INTEGER,
    width INTEGER,
    height INTEGER,
    frames INTEGER,
    sha256 TEXT,
    source_sha256 TEXT,
    thumbhash TEXT,
    color TEXT,
    taken_at INTEGER,
    camera TEXT,
    refused TEXT,
    expires_at INTEGER,
    fence INTEGER NOT NULL,
    deleting_since INTEGER
  ) STRICT;
  CREATE INDEX images_by_owner ON images (owner_uid, created_at DESC, id DESC) WHERE deleting_since IS NULL;
  CREATE INDEX images_by_source ON images (owner_uid, source_sha256)
    WHERE deleting_since IS NULL AND source_sha256 IS NOT NULL;
  CREATE INDEX images_by_expiry ON images (expires_at, id) WHERE deleting_since IS NULL AND expires_at IS NOT NULL;
  CREATE INDEX images_in_deletion ON images (deleting_since, id) WHERE deleting_since IS NOT NULL;

  CREATE TABLE usage (
    owner_uid TEXT PRIMARY KEY,
    images INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE locks (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    lease_until INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE answers (
    name TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    keep_until INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX answers_by_time ON answers (keep_until);
  `,
  `
  -- An entry without its time and number, as JSON
  CREATE TABLE audit (
    at INTEGER NOT NULL,
    number INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (at, number)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE blocklist (
    sha256 TEXT PRIMARY KEY,
    reason TEXT,
    created_at INTEGER NOT NULL,
    added_by TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX blocklist_by_time ON blocklist (created_at DESC, sha256 DESC);
  `,
  `
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
  `,
  `
  ALTER TABLE images ADD COLUMN hidden_at INTEGER;
  `,
  `
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
  `,
  `
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
  `,
  `
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
  `,
  `
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
  `,
  `
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
  `,
]

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

# shellcheck shell=bash
# What a release finds in the stores: whether it can read it, and a copy before it changes it.

readonly kept_backups=5

# Settings and stores are tried by the new release before anything is restarted, so that a mistake in `.env` stops nothing.
check_release() {
  step 'Check'
  knows_data "$release" || fail 'The new release does not start with these settings and data; see above. What runs goes on as it was.'
}

# knows_data RELEASE: whether its code can read what is in the stores now. 3: they were written by a newer one.
knows_data() { as_account "$(runtime_in "$1")" --disable-warning=ExperimentalWarning "$1/packages/server/src/preflight.ts"; }

back_up_metadata() {
  [[ $(current_release) != "$release" ]] || return 0
  local copy
  copy=$data_dir/backups/$(date -u +%Y%m%d%H%M%S)
  case $engine in
    sqlite) back_up_sqlite "$copy.db" ;;
    redis) back_up_redis "$copy.rdb" ;;
  esac
  find "$data_dir/backups" -type f | sort -r | tail -n "+$((kept_backups + 1))" | xargs -r rm -f --
}

# While the server writes: SQLite copies page by page and begins anew where it was overtaken.
back_up_sqlite() {
  [[ -s $data_dir/imagehost.db ]] || return 0
  # shellcheck disable=SC2016 # The variables are JavaScript's.
  local copy='
    const { backup, DatabaseSync } = require("node:sqlite")
    const [from, to] = process.argv.slice(1)
    backup(new DatabaseSync(from, { timeout: 2000 }), to)'
  as_account "$(runtime_in "$release")" --disable-warning=ExperimentalWarning -e "$copy" "$data_dir/imagehost.db" "$1" ||
    fail 'The database could not be copied, so nothing is changed. Is the disk full?'
  chmod 0600 "$1"
  say "Metadata is copied to $1"
}

back_up_redis() {
  if [[ -n $redis_url ]] && (umask 077 && ask_redis --rdb "$1" >/dev/null 2>&1) && [[ -s $1 ]]; then
    say "Metadata is copied to $1"
  else
    rm -f "$1"
    warn 'This Redis gives no copy to programs like this one (hosted ones and a Cluster do not): make a snapshot of it there.'
  fi
}

# shellcheck shell=bash

# A user of its own, who can't log in, and the folders. Releases and settings are root's: who breaks into a server changes
# neither its code nor its limits.
make_account() {
  nginx_group=$(nginx_group_of /etc/nginx/nginx.conf)
  if ! id -u "$account" >/dev/null 2>&1; then
    useradd --system --user-group --no-create-home --home-dir "$data_dir" --shell /usr/sbin/nologin "$account"
  fi
  install -d -m 0755 "$home_dir" "$releases_dir" "$nginx_dir" "$acme_dir"
  install -d -m 0750 -o root -g "$account" "$settings_dir"
  install -d -m 0700 -o "$account" -g "$account" "$cache_dir"
  make_data_dir
}

# nginx_group_of FILE: of the user that it names; nginx of its makers has another one on Debian than Debian's own.
nginx_group_of() {
  local user
  user=$(sed -n -E 's/^[[:space:]]*user[[:space:]]+([^[:space:];]+).*/\1/p' "$1" | tail -n 1)
  id -gn "${user:-nobody}"
}

# The data folder holds the secret, the database and the pictures. nginx may pass through it, not look into it, and finds
# there nothing to read but the pictures: these take the group of their folder (the set-gid bit), all else belongs to the
# server's group.
make_data_dir() {
  install -d -m 0710 -o "$account" -g "$nginx_group" "$data_dir"
  expect_no_other_data
  install -d -m 0700 -o "$account" -g "$account" "$data_dir/backups"
  local blobs=$data_dir/blobs
  if [[ $(stat -c '%G' "$blobs" 2>/dev/null) != "$nginx_group" ]]; then
    install -d -m 2750 -o "$account" -g "$nginx_group" "$blobs"
    # What was there before, say from a backup.
    chgrp -R "$nginx_group" "$blobs"
    find "$blobs" -type d -exec chmod 2750 {} + -o -type f -exec chmod 0640 {} +
  fi
}

# Whoever tried the server in the clone before would find it empty now, and think that all is lost. Told before there is a
# database or a secret that would be in the way.
expect_no_other_data() {
  local other=$source_dir/data
  [[ -e $other/imagehost.db && ! -e $data_dir/imagehost.db && $engine == sqlite ]] || return 0
  fail "$other holds what was uploaded while the server ran by npm start. Stop that server; then, to bring it along:" \
    "  sudo cp -a $other/. $data_dir/ && sudo chown -R $account:$account $data_dir && ./deploy.sh" \
    "or, to begin anew: mv $other $other.old && ./deploy.sh"
}

# as_account COMMAND…: as the server's user, in the folder whose `.env` it reads, with the variables of its units. They go by
# the environment, since arguments are for everybody to see.
as_account() (
  cd "$settings_dir" || exit
  while IFS= read -r variable; do export "${variable?}"; done < <(cat server.env secret.env 2>/dev/null | grep -v '^#')
  export HOME=$data_dir
  exec runuser -u "$account" -- "$@"
)

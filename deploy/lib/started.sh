# shellcheck shell=bash
# What deploy.sh started and down.sh stops again: one line each in a file, in the order of starting.

readonly started_file=$state_dir/started before_file=$state_dir/running-before

# Installing nginx or Redis on Debian starts them, so what ran on its own has to be noted first; once, since later runs find
# what the first one started.
remember_before() {
  install -d -m 0700 "$state_dir"
  [[ -e $started_file ]] && return
  local unit
  for unit in nginx.service "$redis_unit"; do
    if systemctl -q is-active "$unit" 2>/dev/null; then printf '%s\n' "$unit"; fi
  done >"$before_file"
  : >"$started_file"
}

# start_unit NAME: runs now and after a reboot. It is ours to stop unless it ran before us.
start_unit() {
  if ! grep -qxF "$1" "$before_file" "$started_file" -h; then printf '%s\n' "$1" >>"$started_file"; fi
  systemctl -q enable "$1" 2>/dev/null || true
  systemctl start "$1"
}

forget_unit() { sed -i "/^$1\$/d" "$started_file"; }

ran_before() { [[ -r $before_file ]] && grep -qxF "$1" "$before_file"; }

stop_started() {
  [[ -r $started_file ]] || fail 'deploy.sh has started nothing here.'
  local unit
  # The last one first: nginx before the servers behind it, those before Redis.
  while IFS= read -r unit; do
    say "Stopping $unit"
    systemctl -q disable --now "$unit" 2>/dev/null || systemctl stop "$unit" || warn "$unit could not be stopped."
  done < <(tac "$started_file")
  rm -f "$started_file" "$before_file"
}

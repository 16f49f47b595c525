# shellcheck shell=bash
# The systemd unit, and how a release comes into use: one process after the other, and back if it does not answer.

# A start takes a second; a machine that is busy or repairs an append-only file takes longer.
readonly ready_seconds=60

write_units() {
  step 'Service'
  unit_text | put_file /etc/systemd/system/imagehost@.service 0644
  command_text | put_file /usr/local/bin/imagehost-server 0755
  systemctl daemon-reload
}

command_text() {
  fill "$source_dir/deploy/imagehost-server" CURRENT="$current" SETTINGS="$settings_dir" DATA="$data_dir" ACCOUNT="$account" \
    NODE="$(runtime_in "$current")"
}

unit_text() {
  local redis_line=''
  if is_redis_here "$redis_url"; then redis_line="After=$redis_unit"; fi
  fill "$source_dir/deploy/systemd/imagehost@.service" ACCOUNT="$account" NODE="$(runtime_in "$current")" \
    MAIN="$current/packages/server/src/main.ts" SETTINGS="$settings_dir" DATA="$data_dir" MEMORY="$process_max_mib" \
    AFTER="$redis_line"
}

roll_out() {
  local previous number
  previous=$(current_release)
  point_to "$current" "$release"
  for ((number = 1; number <= processes; number++)); do
    bring_up "$number" || go_back "$previous" "$number"
  done
  stop_surplus
  say "$processes of $processes processes run $(basename "$release")."
}

# bring_up NUMBER: the process runs this release with these settings, and answers. Left alone if it does so already.
bring_up() {
  local unit=imagehost@$1.service wanted mark=$state_dir/process-$1
  wanted=$(cat /etc/systemd/system/imagehost@.service "$settings_dir"/{.env,server.env,secret.env,"process-$1.env"} 2>/dev/null |
    sha256sum)
  wanted="$(current_release) $wanted"
  if [[ $(cat "$mark" 2>/dev/null) == "$wanted" ]] && systemctl -q is-active "$unit" && is_ready "$1"; then return 0; fi
  rm -f "$mark"
  start_unit "$unit" && systemctl restart "$unit"
  wait_until_ready "$1" || return 1
  printf '%s\n' "$wanted" >"$mark"
}

wait_until_ready() {
  local until=$((SECONDS + ready_seconds))
  while ((SECONDS < until)); do
    if is_ready "$1"; then return 0; fi
    sleep 0.3
  done
  return 1
}

is_ready() { curl -fsS -o /dev/null --max-time 5 "http://127.0.0.1:$(port_of "$1")/ready" 2>/dev/null; }

# go_back PREVIOUS FAILED: the processes that were changed return to the release before, if that can read the data by now.
go_back() {
  local previous=$1 failed=$2 number
  warn "Process $failed does not answer with $(basename "$release"). Its last words:"
  journalctl -u "imagehost@$failed" -n 15 --no-pager -o cat >&2 || true
  [[ -n $previous && $previous != "$release" ]] ||
    fail "There is no release before it to return to. See: journalctl -u imagehost@$failed"
  if ! knows_data "$previous"; then
    fail "It cannot return to $(basename "$previous"), which does not start on the data as they are now." \
      "The copy of the metadata from before is in $data_dir/backups; docs/upgrade.md says how to go on."
  fi
  point_to "$current" "$previous"
  for ((number = failed; number >= 1; number--)); do
    bring_up "$number" || warn "Process $number does not answer with $(basename "$previous") either."
  done
  fail "Returned to $(basename "$previous"), which serves as before."
}

# After a change to fewer processes.
stop_surplus() {
  local unit number
  while read -r unit; do
    number=${unit#imagehost@} number=${number%.service}
    ((number > processes)) || continue
    systemctl -q disable --now "$unit"
    forget_unit "$unit"
    rm -f "$settings_dir/process-$number.env" "$state_dir/process-$number"
  done < <(grep '^imagehost@' "$started_file")
}

# shellcheck shell=bash

# Redis on this machine is set up so that it forgets nothing. One elsewhere is its operator's; `npm run doctor` says what it lacks.
prepare_redis() {
  [[ $engine == redis ]] || return 0
  step 'Redis'
  if ! is_redis_here "$redis_url"; then
    say 'It is not on this machine, so its settings stay as they are.'
    return
  fi
  start_unit "$redis_unit"
  wait_for_redis
  # Without this a fork for rewriting the append-only file fails when most of the memory is taken.
  printf 'vm.overcommit_memory = 1\n' | put_file /etc/sysctl.d/60-imagehost.conf 0644
  sysctl -q -w vm.overcommit_memory=1 2>/dev/null || warn 'vm.overcommit_memory could not be set; Redis asks for 1.'
  set_redis maxmemory-policy noeviction
  set_redis hash-max-listpack-value 1024 || set_redis hash-max-ziplist-value 1024
  # Full of memory it refuses writes, which is answered in words; without a limit the kernel would kill it.
  if [[ $(redis_setting maxmemory) == 0 ]]; then set_redis maxmemory "$((memory_mib / 2))mb"; fi
  keep_every_write
  ask_redis CONFIG REWRITE >/dev/null || warn 'Redis could not write its settings down; they are lost when it restarts.'
  say 'Append-only file at every write, no eviction, hashes packed up to 1024 bytes.'
}

# Only by CONFIG SET: a Redis that finds `appendonly yes` in its file for the first time starts empty, its dump left aside.
keep_every_write() {
  set_redis appendfsync always
  [[ $(redis_setting appendonly) == yes ]] && return
  set_redis appendonly yes
  local state
  for ((attempt = 0; attempt < 600; attempt++)); do
    state=$(ask_redis INFO persistence)
    if [[ $state == *aof_rewrite_in_progress:0* && $state == *aof_rewrite_scheduled:0* ]]; then
      [[ $state == *aof_last_bgrewrite_status:ok* ]] || fail 'Redis could not write its append-only file; see its log.'
      return
    fi
    sleep 1
  done
  fail 'Redis is still writing its append-only file after ten minutes; run deploy.sh again when it is done.'
}

set_redis() { [[ $(ask_redis CONFIG SET "$1" "$2") == OK ]]; }

redis_setting() { ask_redis CONFIG GET "$1" | tail -n 1; }

wait_for_redis() {
  for ((attempt = 0; attempt < 60; attempt++)); do
    [[ $(ask_redis PING 2>/dev/null) == PONG ]] && return
    sleep 0.5
  done
  fail "Redis does not answer at the address in REDIS_URL. Does it need a password there? See: journalctl -u $redis_unit"
}

# The password goes by the environment, since arguments are for everybody to see.
ask_redis() {
  local credentials='' place=${redis_url#redis://}
  if [[ $place == *@* ]]; then credentials=${place%@*} place=${place##*@}; fi
  local host_port=${place%%/*}
  local host=${host_port%:*} port=6379
  [[ $host_port == *:* ]] && port=${host_port##*:}
  local command=("$redis_cli" -h "${host//[\[\]]/}" -p "$port")
  if [[ -z $credentials ]]; then
    # An empty password would be sent as one.
    "${command[@]}" "$@"
  else
    [[ -n ${credentials%%:*} ]] && command+=(--user "${credentials%%:*}")
    REDISCLI_AUTH=${credentials#*:} "${command[@]}" --no-auth-warning "$@"
  fi
}

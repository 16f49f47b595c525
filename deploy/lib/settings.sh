# shellcheck shell=bash
# What the units read: the operator's `.env` as it is, by the server itself, and what deploy.sh decides, by the environment.
# That wins over `.env`, so it holds only what has to be so, and what `.env` leaves open.

write_settings() {
  step 'Settings'
  if [[ -r $env_file ]]; then
    put_file "$settings_dir/.env" 0640 "root:$account" <"$env_file"
  else
    say "There is no $env_file: metadata in SQLite and pictures on the disk, both in $data_dir."
    : | put_file "$settings_dir/.env" 0640 "root:$account"
  fi
  server_settings | put_file "$settings_dir/server.env" 0640 "root:$account"
  local number
  for ((number = 1; number <= processes; number++)); do
    printf 'PORT=%d\n' "$(port_of "$number")" | put_file "$settings_dir/process-$number.env" 0644
  done
  make_secret
  say "Metadata: $engine. Server processes: $processes, of $process_max_mib MiB at most."
}

server_settings() {
  printf '# Written by deploy.sh, which writes it anew each time. Settings of your own go into .env beside the clone.\n'
  printf 'HOST=127.0.0.1\nDATA_DIR=%s\nMALLOC_ARENA_MAX=2\n' "$data_dir"
  default_setting TRUSTED_PROXIES 127.0.0.1
  default_setting DELIVERY "$delivery"
  default_setting WORK_MEMORY_BYTES "$(work_memory_mib "$process_max_mib")M"
  [[ -z $domain ]] || default_setting PUBLIC_URL "https://$domain"
}

# default_setting NAME VALUE: unless `.env` says something else.
default_setting() { [[ -n $(setting "$1") ]] || printf '%s=%s\n' "$1" "$2"; }

# Made once and kept for good: with another one, signed addresses, sealed two-factor and delete links would be worth nothing.
make_secret() {
  local file=$settings_dir/secret.env
  [[ -z $(setting SECRET_KEY) ]] || return 0
  [[ -s $file ]] && return
  # The server made one for itself when it ran on SQLite here; going on to Redis must not change it.
  local kept=$data_dir/secret-key secret
  if [[ -s $kept ]]; then secret=$(<"$kept"); else secret=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'); fi
  printf 'SECRET_KEY=%s\n' "$secret" | put_file "$file" 0600
  say "Made a secret, in $file. Back it up with the data."
}

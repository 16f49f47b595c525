# shellcheck shell=bash
# What the settings mean for this machine.

# Everything that is made here, by place.
home_dir=/opt/imagehost releases_dir=/opt/imagehost/releases current=/opt/imagehost/current
settings_dir=/etc/imagehost state_dir=/var/lib/imagehost-deploy cache_dir=/var/cache/imagehost
nginx_dir=/etc/nginx/imagehost nginx_site=/etc/nginx/conf.d/imagehost.conf acme_dir=/var/lib/imagehost-acme
account=imagehost first_port=8001

# What is read of `.env` below.
readonly read_settings=(REDIS_URL REDIS_CLUSTER_URLS FLASK_SECRET AWS_S3_BUCKET_NAME DATA_DIR DELIVERY X_ACCEL_PREFIX
  MAX_UPLOAD_BYTES MAX_UPLOAD_FILES SECRET_KEY PUBLIC_URL TRUSTED_PROXIES WORK_MEMORY_BYTES)

read_site() {
  local name value
  for name in "${read_settings[@]}"; do
    value=$(setting "$name")
    # Only the server knows what such a reference means.
    [[ $value != *"\${"* ]] || fail "$name in $env_file: write the value out, since deploy.sh has to know it."
  done
  engine=$(engine_of "$env_file")
  redis_url=$(redis_url_of "$env_file")
  processes=$(process_count "$engine" "$cores" "$memory_mib")
  process_max_mib=$(memory_max_mib "$memory_mib" "$processes")
  data_dir=$(setting DATA_DIR)
  # A folder beside the clone is for trying; a relative one would end up in /etc.
  [[ $data_dir == /* ]] || data_dir=/var/lib/imagehost
  delivery=$(setting DELIVERY)
  if [[ -z $delivery ]]; then
    delivery=$([[ -n $(setting AWS_S3_BUCKET_NAME) ]] && printf 'stream' || printf 'x-accel')
  fi
  remember_domain
}

setting() { dot_env_value "$env_file" "$1"; }

# engine_of FILE: redis or sqlite, as the server decides it (config.ts, withFlaskDefaults).
engine_of() {
  if [[ -n $(dot_env_value "$1" REDIS_URL)$(dot_env_value "$1" REDIS_CLUSTER_URLS)$(dot_env_value "$1" FLASK_SECRET) ]]; then
    printf 'redis'
  else
    printf 'sqlite'
  fi
}

# redis_url_of FILE: where the one Redis is; nothing for SQLite and for a Cluster.
redis_url_of() {
  local url
  url=$(dot_env_value "$1" REDIS_URL)
  if [[ -z $url && -z $(dot_env_value "$1" REDIS_CLUSTER_URLS) && -n $(dot_env_value "$1" FLASK_SECRET) ]]; then
    url=redis://localhost:6379/0
  fi
  printf '%s' "$url"
}

# Whether Redis is this machine's to install and set up.
is_redis_here() { [[ $1 =~ ^redis://([^@/]*@)?(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?(/|$) ]]; }

# The name given once counts until another one is given.
remember_domain() {
  local file=$state_dir/domain
  if [[ -z $domain && -r $file ]]; then domain=$(<"$file"); fi
}

port_of() { printf '%d' "$((first_port + $1 - 1))"; }

units() {
  local number
  for ((number = 1; number <= processes; number++)); do printf 'imagehost@%d.service\n' "$number"; done
}

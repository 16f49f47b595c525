# shellcheck shell=bash

readonly debian_default=/etc/nginx/sites-enabled/default

serve_by_nginx() {
  step 'nginx'
  install -d -m 0755 "$nginx_dir" "$nginx_dir.d"
  write_site_files
  withdraw_default_site
  let_nginx_connect
  nginx -t -q || fail 'nginx refuses the settings; see above. It goes on with those from before.'
  start_unit nginx.service
  systemctl reload nginx.service
  # Where certbot has been, also 301, or 404 for who asks for no name of the site.
  if is_by_certbot "$nginx_site"; then wait_for_answer '200|301|404'; else wait_for_answer '200|308'; fi
}

# wait_for_answer STATUSES: until nginx answers so; after a reload its old processes go on for a moment.
wait_for_answer() {
  local answer=''
  for ((attempt = 0; attempt < 40; attempt++)); do
    answer=$(curl -sS -o /dev/null -w '%{http_code}' --max-time 5 http://127.0.0.1/health 2>/dev/null || true)
    if [[ $answer =~ ^($1)$ ]]; then return 0; fi
    sleep 0.5
  done
  fail "http://127.0.0.1/health answers ${answer:-nothing} through nginx. See: journalctl -u nginx, /var/log/nginx/error.log"
}

write_site_files() {
  http_text | put_file "$nginx_dir/http.conf" 0644
  site_text | put_file "$nginx_dir/site.conf" 0644
  put_file "$nginx_dir/proxy.conf" 0644 <"$source_dir/deploy/nginx/proxy.conf"
  put_file "$nginx_dir/tls.conf" 0644 <"$source_dir/deploy/nginx/tls.conf"
  write_site
}

# Once certbot has written its TLS block there, the file is the operator's; all that is ours is in what it includes.
write_site() {
  if [[ ! -e $nginx_site && -e $nginx_site.down ]]; then mv "$nginx_site.down" "$nginx_site"; fi
  if is_by_certbot "$nginx_site"; then
    say 'The TLS settings that certbot made stand.'
  elif [[ -n $domain && -r $(certificate_dir)/fullchain.pem ]]; then
    secure_text | put_file "$nginx_site" 0644
  else
    plain_text | put_file "$nginx_site" 0644
  fi
}

is_by_certbot() { grep -qs 'managed by Certbot' "$1"; }

http_text() { fill "$source_dir/deploy/nginx/http.conf" SERVERS="$(server_lines)"; }

# Each process of this machine is asked every time: one that is away refuses at once, and a moment must not shut it out for ten
# seconds.
server_lines() {
  local number
  for ((number = 1; number <= processes; number++)); do
    printf '  server 127.0.0.1:%d max_fails=0;\n' "$(port_of "$number")"
  done
}

site_text() {
  local bytes=''
  if [[ $delivery == x-accel ]]; then
    bytes=$(fill "$source_dir/deploy/nginx/bytes.conf" PREFIX="$(setting_or X_ACCEL_PREFIX /_blobs/)" DATA="$data_dir")$'\n'
  fi
  fill "$source_dir/deploy/nginx/site.conf" NGINX="$nginx_dir" ACME="$acme_dir" BYTES="$bytes" \
    MAX_BODY="$(max_body_mib "$(setting_or MAX_UPLOAD_BYTES 50M)" "$(setting_or MAX_UPLOAD_FILES 50)")m"
}

setting_or() {
  local value
  value=$(setting "$1")
  printf '%s' "${value:-$2}"
}

# max_body_mib SIZE FILES: as many files of the largest size as one multipart request may hold, and their headers.
max_body_mib() {
  local bytes
  bytes=$(bytes_of "$1")
  printf '%d' "$(((bytes * $2 + 1048575) / 1048576 + 1))"
}

# bytes_of SIZE: 50M → 52428800, in the spellings that the server takes.
bytes_of() {
  local text=${1,,} factor=1
  [[ $text =~ ^([0-9]+)[[:space:]]*([kmgt]?)i?b?$ ]] || fail "\"$1\" is not a size; write bytes, or 50M, or 2G."
  case ${BASH_REMATCH[2]} in k) factor=1024 ;; m) factor=1048576 ;; g) factor=1073741824 ;; t) factor=1099511627776 ;; esac
  printf '%d' "$((BASH_REMATCH[1] * factor))"
}

plain_text() { fill "$source_dir/deploy/nginx/plain.conf" NGINX="$nginx_dir" LISTEN6="$(listen_6 80 ' default_server')"; }

secure_text() {
  fill "$source_dir/deploy/nginx/secure.conf" NGINX="$nginx_dir" ACME="$acme_dir" DOMAIN="$domain" \
    LISTEN6="$(listen_6 80 ' default_server')" CERTIFICATE="$(certificate_dir)" LISTEN_TLS="$(listen_tls "$(nginx_version)")"
}

# listen_6 PORT REST: only where the system has IPv6; nginx does not start otherwise.
listen_6() { [[ ! -e /proc/net/if_inet6 ]] || printf '  listen [::]:%s%s;' "$1" "$2"; }

# listen_tls VERSION: HTTP/2 in the words of this nginx; from 1.25.1 on they are a directive of their own.
listen_tls() {
  if [[ $(printf '%s\n1.25.1\n' "$1" | sort -V | head -n 1) == 1.25.1 ]]; then
    printf '  listen 443 ssl;\n%s\n  http2 on;' "$(listen_6 443 ' ssl')"
  else
    printf '  listen 443 ssl http2;\n%s' "$(listen_6 443 ' ssl http2')"
  fi
}

nginx_version() { nginx -v 2>&1 | sed -E 's|.*nginx/([0-9.]+).*|\1|'; }

# Debian's welcome page has port 80 for itself. Only the link goes; down.sh lays it again.
withdraw_default_site() {
  [[ -L $debian_default && $(readlink "$debian_default") == */sites-available/default ]] || return 0
  readlink "$debian_default" >"$state_dir/default-site"
  rm "$debian_default"
}

# Where SELinux enforces, nginx may connect to nobody unless it is told.
let_nginx_connect() {
  [[ $(getenforce 2>/dev/null || true) == Enforcing ]] || return 0
  setsebool -P httpd_can_network_connect 1
  chcon -R -t httpd_sys_rw_content_t "$data_dir/blobs"
}

# nginx itself is stopped only if deploy.sh started it.
withdraw_from_nginx() {
  [[ ! -e $nginx_site ]] || mv "$nginx_site" "$nginx_site.down"
  if [[ -e $state_dir/default-site ]]; then
    ln -sfn "$(<"$state_dir/default-site")" "$debian_default"
    rm "$state_dir/default-site"
  fi
  if ran_before nginx.service; then systemctl reload nginx.service || true; fi
}

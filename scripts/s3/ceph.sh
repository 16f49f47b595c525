#!/usr/bin/env bash
# A real S3 server for tests: Ceph's gateway with one monitor and one store in memory, without root and without a trace.
# Stays in the foreground, prints one line "READY <endpoint> <folder>", ends all of itself at SIGTERM or when killed.
# At SIGUSR1 the gateway, which is all that clients see, dies by kill -9; at SIGUSR2 it is started again, with all that it had stored.
# Debian: apt-get install --no-install-recommends ceph-mon ceph-osd radosgw
# Wants PORT, MON_PORT, ACCESS_KEY and SECRET_KEY in the environment.
set -euo pipefail
: "${PORT:?}" "${MON_PORT:?}" "${ACCESS_KEY:?}" "${SECRET_KEY:?}"

data=$(mktemp -d "${TMPDIR:-/tmp}/imagehost-s3.XXXXXX")
mkdir -p "$data"/{mon,osd,rgw,run,log}
boot_log=$data/log/boot.log
export CEPH_CONF=$data/ceph.conf
fsid=$(cat /proc/sys/kernel/random/uuid)
daemons=()

# shellcheck disable=SC2317  # called by the trap
stop() {
  trap - EXIT INT TERM
  exec 2>/dev/null # bash would report each daemon as killed
  kill -KILL "${daemons[@]}" || :
  wait || :
  rm -rf "$data"
}
fail() {
  tail -20 "$boot_log" >&2
  exit 1
}
# Daemons die with this shell, even if it is killed with -9.
daemon() {
  setpriv --pdeathsig KILL "$@" >>"$boot_log" 2>&1 &
  daemons+=("$!")
}
trap stop EXIT
trap 'exit 0' INT TERM

# One copy, one placement group, no authentication inside, and no waiting for company: it is up in two seconds.
cat >"$CEPH_CONF" <<CONF
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$MON_PORT]
ms bind msgr1 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
run dir = $data/run
admin socket = $data/run/\$name.asok
pid file = $data/run/\$name.pid
log file = $data/log/\$name.log
mon cluster log file = $data/log/cluster.log
crash dir = $data/run
keyring = $data/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 2
[mon]
mon data = $data/mon
mon osd initial require min compat client = luminous
paxos propose interval = 0.05
paxos min wait = 0.01
[osd]
osd data = $data/osd
osd objectstore = memstore
osd numa auto affinity = false
osd class update on start = false
osd crush update on start = false
osd mclock skip benchmark = true
memstore device bytes = 4G
[client.rgw]
rgw data = $data/rgw
# Small answers go out as head and body: without this the body waits for the acknowledgement of the head, 40 ms (measured).
rgw frontends = beast endpoint=127.0.0.1:$PORT tcp_nodelay=1
rgw dns name = s3.localhost
rgw enable usage log = false
rgw enable ops log = false
rgw thread pool size = 64
# With a cache it tells all gateways of a new bucket, and after a kill -9 waits 30 seconds for the dead one.
rgw cache enabled = false
CONF
touch "$data/keyring"

monmaptool --create --clobber --addv a "[v2:127.0.0.1:$MON_PORT]" --fsid "$fsid" "$data/monmap" >>"$boot_log"
ceph-mon -i a --mkfs --monmap "$data/monmap" >>"$boot_log" 2>&1 || fail
daemon ceph-mon -i a -f

osd=$(cat /proc/sys/kernel/random/uuid)
ceph-osd -i 0 --mkfs --osd-uuid "$osd" --monmap "$data/monmap" >>"$boot_log" 2>&1 &
store=$!
timeout 60 ceph osd new "$osd" >>"$boot_log" 2>&1 || fail
timeout 20 ceph osd crush add osd.0 1 root=default host=localhost >>"$boot_log" 2>&1 || fail
wait "$store" || fail
daemon ceph-osd -i 0 -f

# shellcheck disable=SC2317  # called by the trap
kill_gateway() {
  told=1
  kill -KILL "$gateway"
  wait "$gateway" 2>/dev/null || :
  unset 'daemons[-1]'
}
# The last of the daemons.
start_gateway() {
  told=1
  daemon radosgw -n client.rgw -f --no-mon-config
  gateway=${daemons[-1]}
}
start_gateway
trap kill_gateway USR1
trap start_gateway USR2

for _ in {1..600}; do
  (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null && up=1 && break
  kill -0 "${daemons[@]}" 2>/dev/null || fail
  sleep 0.1
done
[ "${up:-}" ] || fail
timeout 60 radosgw-admin -n client.rgw user create --uid=owner --display-name=owner \
  --access-key="$ACCESS_KEY" --secret="$SECRET_KEY" >>"$boot_log" 2>&1 || fail

echo "READY http://127.0.0.1:$PORT $data"
until
  told=
  wait -n "${daemons[@]}" || :
  [ ! "$told" ]
do :; done
echo 'A daemon of the S3 server ended:' >&2
fail

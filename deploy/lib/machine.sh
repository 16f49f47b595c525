# shellcheck shell=bash

# Memory that one server process needs to be of use: 120 MB at rest, and pictures under work.
readonly process_mib=400

read_machine() {
  package_manager=$(package_manager_of /etc/os-release)
  cores=$(nproc)
  memory_mib=$(memory_in /proc/meminfo)
  case $package_manager in
    dnf) redis_unit=redis6.service redis_cli=redis6-cli redis_package=redis6 ;;
    apt) redis_unit=redis-server.service redis_cli=redis-cli redis_package=redis-server ;;
    *) fail 'This script knows Amazon Linux 2023, Debian and Ubuntu. For others: docs/docker.md.' ;;
  esac
}

# package_manager_of OS_RELEASE: dnf (Amazon Linux and its relatives), apt (Debian, Ubuntu), or nothing.
package_manager_of() {
  local names
  names=$(sed -n -E 's/^(ID|ID_LIKE)="?([^"]*)"?$/\2/p' "$1" | tr '\n' ' ')
  case " $names " in
    *' amzn '* | *' fedora '*) printf 'dnf' ;;
    *' debian '* | *' ubuntu '*) printf 'apt' ;;
  esac
}

memory_in() { awk '/^MemTotal:/ { print int($2 / 1024) }' "$1"; }

# process_count ENGINE CORES MIB: SQLite belongs to one process; on Redis as many as there are cores and memory for.
process_count() {
  local engine=$1 count=$2 fitting=$(($3 / process_mib))
  [[ $engine == redis ]] || count=1
  ((count <= fitting)) || count=$fitting
  printf '%d' "$((count > 0 ? count : 1))"
}

# memory_max_mib MIB COUNT: what the kernel may give one process before it ends it. The rest is for nginx, Redis and the system.
memory_max_mib() { printf '%d' "$(($1 * 8 / 10 / $2))"; }

# work_memory_mib MAX_MIB: what is left for pictures when Node and its buffers have theirs. Never below what the server takes
# as a setting, nor above its default.
work_memory_mib() {
  local rest=$(($1 - 256))
  ((rest >= 64)) || rest=64
  ((rest <= 384)) || rest=384
  printf '%d' "$rest"
}

# Before anything is changed: in a container, or under another init, the half of it would be of no use.
expect_systemd() {
  [[ -d /run/systemd/system ]] || fail 'This machine was not started by systemd, which runs the server. See docs/docker.md.'
}

become_root() {
  ((EUID != 0)) || return 0
  command -v sudo >/dev/null || fail 'This needs root; log in as root, or install sudo.'
  exec sudo -- "$source_dir/$(basename "$0")" "$@"
}

# Two runs at once would build and roll over each other.
take_lock() {
  exec 9>/run/imagehost-deploy.lock
  flock -n 9 || fail 'Another run of deploy.sh or down.sh is under way.'
}

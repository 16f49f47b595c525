#!/usr/bin/env bash
# Writes the settings of an nginx that stands before servers on other machines, by the same files as deploy.sh: see
# docs/scaling.md.
#
#   deploy/balancer.sh [--env FILE] [--into /etc/nginx] [--domain NAME --certificate FOLDER] [--resolver ADDRESS] HOST:PORT…
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly source_dir
# shellcheck source=deploy/parts.sh
source "$source_dir/deploy/parts.sh"

main() {
  local into=/etc/nginx certificate='' resolver=''
  # The bytes are in a bucket where there are several machines.
  domain='' env_file=/dev/null delivery=stream data_dir=''
  while [[ ${1:-} == --* ]]; do
    (($# > 1)) || fail "$1 needs a value."
    case $1 in
      --env) env_file=$2 ;;
      --into) into=$2 ;;
      --domain) domain=$2 ;;
      --certificate) certificate=$2 ;;
      --resolver) resolver=$2 ;;
      *) fail "There is no option $1." ;;
    esac
    shift 2
  done
  (($# > 0)) || fail 'Name the servers, such as 10.0.0.11:8000 10.0.0.12:8000.'
  servers=("$@")
  nginx_dir=$into/imagehost nginx_site=$into/conf.d/imagehost.conf
  certificate_dir() { printf '%s' "$certificate"; }
  server_lines() {
    local server
    # Names of containers change their addresses; nginx asks for them again from 1.27.3 on.
    [[ -z $resolver ]] || printf '  resolver %s valid=2s;\n' "$resolver"
    # A machine that is gone answers nothing at all, so it is asked only every two seconds then.
    for server in "${servers[@]}"; do
      printf '  server %s max_fails=10 fail_timeout=2s%s;\n' "$server" "${resolver:+ resolve}"
    done
  }
  mkdir -p "$nginx_dir" "$nginx_dir.d" "$into/conf.d"
  write_site_files
  say "Written into $nginx_dir and $nginx_site"
}

main "$@"

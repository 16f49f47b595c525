#!/usr/bin/env bash
# Brings this machine to a running ImageHost with nginx in front, or a running one to what lies here. Run it again at any
# time: it changes what has to change. docs/deploy.md tells the whole way; `./deploy.sh --help` the options.
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly source_dir
# shellcheck source=deploy/parts.sh
source "$source_dir/deploy/parts.sh"

main() {
  read_arguments "$@"
  read_machine
  read_site
  if is_rehearsal; then
    print_plan
    return
  fi
  expect_systemd
  become_root "$@"
  take_lock
  remember_before

  install_packages
  make_room_for_building
  make_account
  build_release
  write_settings
  prepare_redis
  check_release
  back_up_metadata
  write_units
  roll_out
  serve_by_nginx
  get_certificate
  prune_releases
  print_outcome
}

main "$@"

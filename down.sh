#!/usr/bin/env bash
# Stops what deploy.sh has started, and nothing else: what ran before it goes on, and data, settings, certificates and
# releases stay. `./deploy.sh` brings it all back.
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly source_dir
# shellcheck source=deploy/parts.sh
source "$source_dir/deploy/parts.sh"

main() {
  read_machine
  expect_systemd
  become_root "$@"
  take_lock
  withdraw_from_nginx
  stop_started
  say 'Stopped. Data, settings and certificates stay; ./deploy.sh starts it again.'
}

main "$@"

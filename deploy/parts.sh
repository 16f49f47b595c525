# shellcheck shell=bash
# All parts of deploy.sh and down.sh, each a noun, in the order in which one builds on another.

# What fails in a substitution ends the run like anything else.
shopt -s inherit_errexit

lib=$(dirname "${BASH_SOURCE[0]}")/lib
# shellcheck source=deploy/lib/terminal.sh
source "$lib/terminal.sh"
# shellcheck source=deploy/lib/files.sh
source "$lib/files.sh"
# shellcheck source=deploy/lib/arguments.sh
source "$lib/arguments.sh"
# shellcheck source=deploy/lib/dot-env.sh
source "$lib/dot-env.sh"
# shellcheck source=deploy/lib/machine.sh
source "$lib/machine.sh"
# shellcheck source=deploy/lib/site.sh
source "$lib/site.sh"
# shellcheck source=deploy/lib/started.sh
source "$lib/started.sh"
# shellcheck source=deploy/lib/packages.sh
source "$lib/packages.sh"
# shellcheck source=deploy/lib/room.sh
source "$lib/room.sh"
# shellcheck source=deploy/lib/account.sh
source "$lib/account.sh"
# shellcheck source=deploy/lib/npm.sh
source "$lib/npm.sh"
# shellcheck source=deploy/lib/release.sh
source "$lib/release.sh"
# shellcheck source=deploy/lib/settings.sh
source "$lib/settings.sh"
# shellcheck source=deploy/lib/redis.sh
source "$lib/redis.sh"
# shellcheck source=deploy/lib/data.sh
source "$lib/data.sh"
# shellcheck source=deploy/lib/service.sh
source "$lib/service.sh"
# shellcheck source=deploy/lib/nginx.sh
source "$lib/nginx.sh"
# shellcheck source=deploy/lib/certificate.sh
source "$lib/certificate.sh"
# shellcheck source=deploy/lib/plan.sh
source "$lib/plan.sh"

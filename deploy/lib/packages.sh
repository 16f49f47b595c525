# shellcheck shell=bash

# Whatever the machine lacks.
install_packages() {
  step 'Packages'
  local wanted=()
  command -v nginx >/dev/null || wanted+=(nginx)
  # The smallest systems lack even this.
  command -v tar >/dev/null || wanted+=(tar)
  command -v curl >/dev/null || wanted+=("$(curl_package)")
  # Namespaced, beside another Node that the machine may have. The other systems' npm is old, see npm.sh.
  if [[ $package_manager == dnf ]]; then
    command -v npm-24 >/dev/null || wanted+=(nodejs24 nodejs24-npm)
  else
    command -v npm >/dev/null || wanted+=(npm)
  fi
  has_libatomic || wanted+=("$(libatomic_package)")
  if is_redis_here "$redis_url" && ! command -v "$redis_cli" >/dev/null; then wanted+=("$redis_package"); fi
  if ((${#wanted[@]} == 0)); then
    say 'All there.'
  else
    say "Installing ${wanted[*]}"
    install_wanted "${wanted[@]}"
  fi
}

# Amazon Linux brings curl-minimal, which the full one would conflict with.
curl_package() { if [[ $package_manager == dnf ]]; then printf 'curl-minimal'; else printf 'curl'; fi; }

# The Node that comes by npm is linked against it, and small systems lack it.
has_libatomic() { ldconfig -p | grep -qF 'libatomic.so.1 '; }

libatomic_package() { if [[ $package_manager == dnf ]]; then printf 'libatomic'; else printf 'libatomic1'; fi; }

install_wanted() {
  case $package_manager in
    dnf) dnf install -y -q "$@" ;;
    apt)
      export DEBIAN_FRONTEND=noninteractive
      apt-get update -qq
      apt-get install -y -qq --no-install-recommends "$@"
      ;;
  esac
}

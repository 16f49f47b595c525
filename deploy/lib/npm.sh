# shellcheck shell=bash
# npm, which is needed only to build a release: the runtime of the server is pinned in package-lock.json.

# The npm that is fetched where that of the machine will not do, with the hash that the registry gives for it.
readonly npm_version=11.21.2
readonly npm_integrity=7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==

# Sets `npm`: the command. That of Debian 12 and Ubuntu 24.04 is 9.2, which leaves packages out that are made for one C library
# (seen: the bundler's and sharp's native parts), so it only fetches a later one and the Node to run that with.
find_npm() {
  if command -v npm-24 >/dev/null; then
    npm=(npm-24)
  elif command -v npm >/dev/null && (($(npm --version 2>/dev/null | cut -d . -f 1) >= 10)); then
    npm=(npm)
  else
    fetch_npm
    npm=("$(runtime_in "$cache_dir/bootstrap")" "$cache_dir/bootstrap/node_modules/npm/bin/npm-cli.js")
  fi
}

fetch_npm() {
  local package
  package=$(basename "$(dirname "$(dirname "$(runtime_in "$cache_dir/bootstrap")")")")
  fetch_package "$package" "$(locked "$package" version)" "$(locked "$package" integrity)"
  fetch_package npm "$npm_version" "sha512-$npm_integrity"
}

# fetch_package NAME VERSION INTEGRITY: unpacked where npm would have put it, once its bytes are those that were promised.
fetch_package() {
  local folder=$cache_dir/bootstrap/node_modules/$1 file=$cache_dir/$1-$2.tgz
  [[ ! -e $folder/.$2 ]] || return 0
  say "Fetching $1 $2"
  build_step "$cache_dir" npm pack --silent "$1@$2" >/dev/null
  is_whole "$file" "$3" || fail "$1 is not what package-lock.json promises. Nothing of it was run."
  rm -rf "$folder"
  install -d -m 0755 "$folder"
  tar -xzf "$file" --no-same-owner --strip-components=1 -C "$folder"
  rm "$file"
  : >"$folder/.$2"
}

# is_whole FILE INTEGRITY: by the hash, as it stands in package-lock.json.
is_whole() {
  local promised
  promised=$(printf '%s' "${2#sha512-}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
  [[ ${#promised} == 128 ]] && printf '%s  %s\n' "$promised" "$1" | sha512sum --check --status
}

# locked PACKAGE FIELD: what package-lock.json says of it.
locked() { sed -n "\\|^    \"node_modules/$1\": {|,/^    }/s/^      \"$2\": \"\\(.*\\)\",\\{0,1\\}\$/\\1/p" "$source_dir/package-lock.json"; }

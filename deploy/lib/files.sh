# shellcheck shell=bash

# put_file PATH MODE [OWNER]: standard input becomes the file, in one step, so that nobody ever reads half of it. Returns 1 if
# it was so already.
put_file() {
  local path=$1 mode=$2 owner=${3:-root:root} fresh
  fresh=$(mktemp "$path.XXXXXX")
  cat >"$fresh"
  chmod "$mode" "$fresh"
  chown "$owner" "$fresh"
  if [[ -f $path ]] && cmp -s "$fresh" "$path"; then
    mv -f "$fresh" "$path"
    return 1
  fi
  mv -f "$fresh" "$path"
}

# fill TEMPLATE NAME=VALUE…: the template with each @NAME@ replaced. A name that is left over is a mistake of ours.
fill() {
  local text pair
  text=$(<"$1")
  for pair in "${@:2}"; do text=${text//"@${pair%%=*}@"/"${pair#*=}"}; done
  if [[ $text =~ @[A-Z_]+@ ]]; then fail "$1: ${BASH_REMATCH[0]} is not filled in."; fi
  printf '%s\n' "$text"
}

# point_to LINK TARGET: a symbolic link that at each moment leads somewhere.
point_to() {
  ln -sfn "$2" "$1.next"
  mv -fT "$1.next" "$1"
}

# shellcheck shell=bash

# put_file PATH MODE [OWNER]: standard input becomes the file, in one step, so that nobody ever reads half of it.
put_file() {
  local path=$1 mode=$2 owner=${3:-root:root} fresh
  fresh=$(mktemp "$path.XXXXXX")
  cat >"$fresh"
  chmod "$mode" "$fresh"
  chown "$owner" "$fresh"
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

# shellcheck shell=bash
# The little that has to be known of `.env` before there is a Node that runs the server's own reader
# (packages/server/src/dot-env.ts): values of one line. A test holds the two against each other.

# dot_env_value FILE NAME: the value as the server will read it; nothing if it is not set. The last one counts.
dot_env_value() {
  local file=$1 name=$2 line value=''
  [[ -r $file ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line#$'\xef\xbb\xbf'}
    [[ ${line%$'\r'} =~ ^[[:space:]]*(export[[:blank:]]+)?([^=#[:space:]]+)[[:blank:]]*=(.*)$ ]] || continue
    [[ ${BASH_REMATCH[2]} == "$name" || ${BASH_REMATCH[2]} == "'$name'" ]] || continue
    value=$(bare_value "${BASH_REMATCH[3]}")
  done <"$file"
  printf '%s' "$value"
}

readonly single_quoted="^[[:blank:]]*'(([^'\\\\]|\\\\.)*)'[[:blank:]]*(#.*)?$"
readonly double_quoted='^[[:blank:]]*"(([^"\\]|\\.)*)"[[:blank:]]*(#.*)?$'

# What stands behind the `=`, without quotes and comment. A # begins one only behind a blank: secrets may hold it.
bare_value() {
  local text=$1
  if [[ $text =~ $single_quoted || $text =~ $double_quoted ]]; then
    text=${BASH_REMATCH[1]}
    text=${text//\\\'/\'} text=${text//\\\"/\"}
    printf '%s' "${text//\\\\/\\}"
    return
  fi
  text=${text%%[[:space:]]#*}
  text=${text#"${text%%[![:space:]]*}"}
  [[ $text == [\'\"]* ]] || printf '%s' "${text%"${text##*[![:space:]]}"}"
}

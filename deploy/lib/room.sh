# shellcheck shell=bash

# npm was measured to take 551 MiB while it installs, beside all that serves meanwhile; the smallest machines have no swap, and
# would end it with a cryptic "Killed".
readonly build_mib=2000 swap_file=/swapfile-imagehost

make_room_for_building() {
  local swap_mib
  swap_mib=$(awk '/^SwapTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  ((memory_mib + swap_mib < build_mib)) || return 0
  step 'Swap'
  say "$memory_mib MiB of memory are little for building; adding a swap file of 1 GiB, $swap_file"
  [[ -e $swap_file ]] || { fallocate -l 1G "$swap_file" && chmod 0600 "$swap_file" && mkswap -q "$swap_file"; } || {
    rm -f "$swap_file"
    warn 'No room for it; going on without.'
    return 0
  }
  swapon "$swap_file" 2>/dev/null || warn 'This system takes no swap file; going on without.'
  grep -qF "$swap_file" /etc/fstab || printf '%s none swap sw,nofail 0 0\n' "$swap_file" >>/etc/fstab
}

/** What makes another program upload here: a file to download, with the key in it. */
interface Uploader {
  program: string
  filename: string
  type: string
  text: string
}

export function uploadersFor(address: string, key: string): Uploader[] {
  const { host, hostname } = new URL(address)
  return [
    {
      program: 'ShareX',
      filename: `${hostname}.sxcu`,
      type: 'application/json',
      text: JSON.stringify(shareX(host, address, key), undefined, 2),
    },
    {
      program: 'Flameshot',
      filename: `${hostname}-flameshot.sh`,
      type: 'text/x-shellscript',
      text: flameshot(address, key),
    },
    { program: 'ksnip', filename: `${hostname}-ksnip.sh`, type: 'text/x-shellscript', text: ksnip(address, key) },
  ]
}

const shareX = (name: string, address: string, key: string) => ({
  Version: '16.1.0',
  Name: name,
  DestinationType: 'ImageUploader',
  RequestMethod: 'POST',
  RequestURL: address,
  Headers: { 'X-API-Key': key },
  Body: 'MultipartFormData',
  FileFormName: 'file',
  URL: '{json:url}',
  ThumbnailURL: '{json:thumbnail_url}',
  DeletionURL: '{json:delete_url}',
  ErrorMessage: '{json:error.message}',
})

/** Sends `$1` and prints its link; what the server says against it goes where errors go. */
const upload = (address: string, key: string) => `answer=$(curl -sS '${address}' -H 'X-API-Key: ${key}' -F "file=@$1")
url=$(printf '%s' "$answer" | sed -n 's/.*"url":"\\([^"]*\\)".*/\\1/p')
[ -n "$url" ] || { printf '%s\\n' "$answer" >&2; exit 1; }`

const flameshot = (address: string, key: string) => `#!/bin/sh
# Takes a part of the screen with Flameshot, uploads it and copies its link. Bind it to a key of your desktop.
# Whoever reads this file may upload in your name.
set -eu
set -- "$(mktemp --suffix .png)"
trap 'rm -f "$1"' EXIT
flameshot gui --raw > "$1"
[ -s "$1" ] || exit 0
${upload(address, key)}
if [ -n "\${WAYLAND_DISPLAY:-}" ]; then printf '%s' "$url" | wl-copy; else printf '%s' "$url" | xclip -selection clipboard; fi
notify-send 'Link copied' "$url" 2> /dev/null || printf '%s\\n' "$url"
`

const ksnip = (address: string, key: string) => `#!/bin/sh
# For ksnip: Settings, Uploader, Script Uploader; name this file there, and let it copy what is printed.
# Whoever reads this file may upload in your name.
set -eu
${upload(address, key)}
printf '%s\\n' "$url"
`

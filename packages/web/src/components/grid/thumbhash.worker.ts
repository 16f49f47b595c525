import { thumbHashToDataURL } from 'thumbhash'

/** A sketch takes a millisecond or four: too long for the thread that scrolls. */
addEventListener('message', async ({ data: thumbhash }: MessageEvent<string>) => {
  const bytes = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0))
  const png = atob(thumbHashToDataURL(bytes).slice('data:image/png;base64,'.length))
  const blob = new Blob([Uint8Array.from(png, (character) => character.charCodeAt(0))], { type: 'image/png' })
  // Its name is short; the picture itself in a style would be read anew by each style that is computed.
  postMessage([thumbhash, URL.createObjectURL(blob)])
})

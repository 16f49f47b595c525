import { useEffect, useRef } from 'react'
import { DownIcon } from '../../components/icons.tsx'
import { copyLinks } from '../../components/image-actions.ts'
import { Menu } from '../../components/menu.tsx'
import { toast } from '../../components/toasts.tsx'
import { addToAlbum, createAlbum } from '../../lib/albums.ts'
import { client } from '../../lib/client.ts'
import { promiseText } from '../../lib/clipboard.ts'
import { formatDate } from '../../lib/format.ts'
import { chooseFormat, type Linked, linkFormat, linkFormats } from '../../lib/link-format.ts'
import { useStore } from '../../lib/store.ts'
import { type Item, uncopied } from '../../lib/upload-queue.ts'
import { say } from '../../lib/words.ts'

/** What can be done with what is up: its links in four forms, or one link for all. */
export function TrayResults({ items }: { items: readonly Item[] }) {
  const format = useStore(linkFormat)
  const wanted = useStore(uncopied)
  const button = useRef<HTMLButtonElement>(null)
  // The browser did not let us copy it; one press does.
  useEffect(() => {
    if (wanted === undefined) return
    button.current?.focus()
    uncopied.set(() => undefined)
  }, [wanted])
  const images = items.flatMap(({ image, name }): Linked[] => (image ? [{ ...image, name: image.title ?? name }] : []))
  if (images.length === 0) return null
  return (
    <footer className="flex flex-wrap gap-2 border-t border-line px-3 py-2">
      <div className="flex">
        <button ref={button} type="button" className="primary rounded-r-none" onClick={() => void copyLinks(images)}>
          {images.length === 1 ? say('tray.copyOne') : say('tray.copyMany', { count: images.length })}
        </button>
        <Menu
          label={say('tray.formats', { format: say(`format.${format}`) })}
          className="primary ml-px rounded-l-none px-1.5"
          face={<DownIcon />}
          items={linkFormats.map((one) => ({
            label: say(`format.${one}`),
            onChoose: () => {
              chooseFormat(one)
              return copyLinks(images, one)
            },
          }))}
        />
      </div>
      {images.length > 1 && (
        <button type="button" className="secondary" onClick={() => void makeAlbumLink(images.map(({ id }) => id))}>
          {say('tray.album')}
        </button>
      )}
    </footer>
  )
}

/** One link for all of them, copied when it is there. */
async function makeAlbumLink(ids: readonly string[]): Promise<void> {
  const made = makeAlbum(ids)
  try {
    const isCopied = await promiseText(made)
    toast(isCopied ? say('toast.copied') : await made)
  } catch (error) {
    toast((error as Error).message)
  }
}

async function makeAlbum(ids: readonly string[]): Promise<string> {
  const album = await createAlbum(say('tray.albumName', { date: formatDate(Date.now() / 1000) }))
  await addToAlbum(album, ids)
  return (await client.albums.update({ params: { album }, body: { visibility: 'unlisted' } })).page_url
}

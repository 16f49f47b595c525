import { useEffect, useState } from 'react'
import { client } from '../lib/client.ts'
import { copyText } from '../lib/clipboard.ts'
import { formatNumber } from '../lib/format.ts'
import { modals } from '../lib/modals.ts'
import { refreshImages } from '../lib/session.ts'
import { share } from '../lib/sharing.ts'
import { useStore } from '../lib/store.ts'
import { say } from '../lib/words.ts'
import { AlbumChoice } from './album-choice.tsx'
import { clearSelection, selection } from './grid/selection.ts'
import { AlbumIcon, CloseIcon, LinkIcon, ShareIcon, TrashIcon } from './icons.tsx'
import { toast } from './toasts.tsx'

/** As many as one call takes. */
const batch = 200

/** In the place of the top bar while something is chosen. */
export function SelectionBar() {
  const chosen = useStore(selection)
  const [choosing, choose] = useState<'album' | 'share'>()
  useEffect(() => {
    const clearByKey = (event: KeyboardEvent) => event.key === 'Escape' && modals.get().length === 0 && clearSelection()
    addEventListener('keydown', clearByKey)
    return () => removeEventListener('keydown', clearByKey)
  }, [])
  if (chosen.size === 0) return null
  const ids = [...chosen]
  const only = ids.length === 1 ? ids[0] : undefined
  return (
    <div className="fixed inset-x-0 top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-raised px-4 sm:h-14 sm:px-6">
      <button type="button" className="quiet" aria-label={say('select.clear')} onClick={clearSelection}>
        <CloseIcon />
      </button>
      <strong className="flex-1 tabular-nums" aria-live="polite">
        {say('select.count', { count: formatNumber(ids.length) })}
      </strong>
      <button type="button" className="secondary" onClick={() => void copyAll(ids)}>
        <LinkIcon /> <span className="max-sm:sr-only">{say('select.copy')}</span>
      </button>
      <button
        type="button"
        className="secondary"
        onClick={() => (only === undefined ? choose('share') : share({ image: only }))}
      >
        <ShareIcon /> <span className="max-sm:sr-only">{say('share.share')}</span>
      </button>
      <button type="button" className="secondary" onClick={() => choose('album')}>
        <AlbumIcon /> <span className="max-sm:sr-only">{say('select.album')}</span>
      </button>
      {choosing && (
        <AlbumChoice
          ids={ids}
          onClose={() => choose(undefined)}
          {...(choosing === 'share' && {
            hint: say('share.several'),
            onChosen: (album: string) => share({ album }),
          })}
        />
      )}
      <button type="button" className="secondary" onClick={() => void trash(ids)}>
        <TrashIcon /> <span className="max-sm:sr-only">{say('select.delete')}</span>
      </button>
    </div>
  )
}

async function copyAll(ids: readonly string[]): Promise<void> {
  const isCopied = await copyText(ids.map((id) => `${location.origin}/i/${id}`).join('\n'))
  toast(
    isCopied ? say(ids.length === 1 ? 'toast.copied' : 'toast.copiedMany', { count: ids.length }) : say('copy.failed'),
  )
}

/** Into the trash, from where it comes back by one press. */
export async function trash(ids: readonly string[]): Promise<void> {
  clearSelection()
  await inBatches(ids, (part) => client.collection.bulk({ body: { action: 'trash', ids: part } }))
  refreshImages()
  toast(say('toast.trashed', { count: ids.length }), {
    label: say('toast.undo'),
    run: () => void restore(ids),
  })
}

async function restore(ids: readonly string[]): Promise<void> {
  await inBatches(ids, (part) => client.collection.bulk({ body: { action: 'restore', ids: part } }))
  refreshImages()
}

async function inBatches(ids: readonly string[], work: (part: string[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < ids.length; at += batch) await work(ids.slice(at, at + batch))
}

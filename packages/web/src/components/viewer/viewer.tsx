import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { client } from '../../lib/client.ts'
import { copyText } from '../../lib/clipboard.ts'
import { useModal } from '../../lib/modals.ts'
import { refreshImages } from '../../lib/session.ts'
import { share } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'
import { CloseIcon, DownloadIcon, InfoIcon, LinkIcon, NextIcon, PreviousIcon, ShareIcon, TrashIcon } from '../icons.tsx'
import { toast } from '../toasts.tsx'
import { ImageInfo } from './image-info.tsx'

interface ViewerProps {
  id: string
  /** What comes before and after. */
  order: readonly string[]
  onMove: (id: string) => void
  onClose: () => void
}

/** One picture, always in the dark. */
export default function Viewer({ id, order, onMove, onClose }: ViewerProps) {
  const dialog = useModal()
  const [hasInfo, setInfo] = useState(() => localStorage.getItem('info') === 'on')
  const { data: image } = useQuery({ queryKey: ['image', id], queryFn: () => client.images.info({ params: { id } }) })
  const known = useQueryClient()
  const at = order.indexOf(id)
  const [before, after] = [order[at - 1], at === -1 ? undefined : order[at + 1]]

  // Not one of its buttons: keys move on from here.
  useEffect(() => dialog.current?.focus(), [dialog])
  // What comes next is there before it is asked for.
  useEffect(() => {
    for (const next of [after, before]) if (next) new Image().src = `/i/${next}?preset=large`
  }, [after, before])

  const toggleInfo = () => {
    localStorage.setItem('info', hasInfo ? 'off' : 'on')
    setInfo(!hasInfo)
  }
  const copy = async () =>
    toast((await copyText(image?.url ?? `${location.origin}/i/${id}`)) ? say('toast.copied') : say('copy.failed'))
  const remove = async () => {
    await client.trash.put({ params: { id } })
    known.removeQueries({ queryKey: ['image', id] })
    refreshImages()
    if (after ?? before) onMove((after ?? before)!)
    else onClose()
    const undo = async () => {
      await client.trash.restore({ params: { id } })
      refreshImages()
    }
    toast(say('toast.trashed', { count: 1 }), { label: say('toast.undo'), run: () => void undo() })
  }

  const keys: Readonly<Record<string, () => unknown>> = {
    ArrowLeft: () => before && onMove(before),
    ArrowRight: () => after && onMove(after),
    i: toggleInfo,
    c: copy,
    s: () => share({ image: id }),
    Delete: remove,
  }
  return (
    <dialog
      ref={dialog}
      tabIndex={-1}
      aria-label={image?.title ?? image?.original_filename ?? say('nav.photos')}
      className="m-0 h-dvh max-h-none w-dvw max-w-none bg-backdrop text-white"
      data-theme="dark"
      onClose={({ target, currentTarget }) => target === currentTarget && !currentTarget.open && onClose()}
      onKeyDown={(event) => {
        if ((event.target as HTMLElement).matches('input, textarea, select') || event.metaKey || event.ctrlKey) return
        keys[event.key]?.()
      }}
    >
      <div className="flex h-full">
        <div className="relative grid min-w-0 flex-1 place-items-center">
          <img
            key={id}
            src={`/i/${id}?preset=large`}
            alt={image?.title ?? image?.original_filename ?? ''}
            className="max-h-dvh max-w-full object-contain"
          />
          {before && (
            <Arrow label={say('viewer.previous')} side="left-2" onClick={() => onMove(before)}>
              <PreviousIcon />
            </Arrow>
          )}
          {after && (
            <Arrow label={say('viewer.next')} side="right-2" onClick={() => onMove(after)}>
              <NextIcon />
            </Arrow>
          )}
          <div className="absolute inset-x-2 top-2 flex justify-end gap-1">
            <Action label={say('viewer.copy')} onClick={copy}>
              <LinkIcon />
            </Action>
            <Action label={say('share.share')} onClick={() => share({ image: id })}>
              <ShareIcon />
            </Action>
            <a
              href={`/i/${id}?download`}
              className="grid size-11 place-items-center rounded-control bg-black/50 hover:bg-black/70"
              aria-label={say('viewer.download')}
              title={say('viewer.download')}
            >
              <DownloadIcon />
            </a>
            <Action label={say('viewer.delete')} onClick={remove}>
              <TrashIcon />
            </Action>
            <Action label={say('viewer.info')} onClick={toggleInfo} isOn={hasInfo}>
              <InfoIcon />
            </Action>
            <Action label={say('viewer.close')} onClick={onClose}>
              <CloseIcon />
            </Action>
          </div>
        </div>
        {hasInfo && image && <ImageInfo key={id} image={image} />}
      </div>
    </dialog>
  )
}

interface ActionProps {
  label: string
  onClick: () => unknown
  isOn?: boolean
  children: ReactNode
}

const Action = ({ label, onClick, isOn, children }: ActionProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    aria-pressed={isOn}
    onClick={() => void onClick()}
    className="grid size-11 place-items-center rounded-control bg-black/50 hover:bg-black/70"
  >
    {children}
  </button>
)

const Arrow = ({ label, side, onClick, children }: ActionProps & { side: string }) => (
  <button
    type="button"
    aria-label={label}
    onClick={() => void onClick()}
    className={`absolute top-1/2 ${side} grid size-11 -translate-y-1/2 place-items-center rounded-full bg-black/50 hover:bg-black/70`}
  >
    {children}
  </button>
)

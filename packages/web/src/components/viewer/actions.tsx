import type { ReactNode } from 'react'
import { say } from '../../lib/words.ts'
import {
  AlbumIcon,
  CloseIcon,
  DownloadIcon,
  FullScreenIcon,
  InfoIcon,
  LinkIcon,
  NextIcon,
  PreviousIcon,
  ShareIcon,
  TrashIcon,
} from '../icons.tsx'
import { useIdle } from './idle.ts'

interface ViewerActionsProps {
  id: string
  hasInfo: boolean
  copy: () => unknown
  share: () => unknown
  album: () => unknown
  remove: () => unknown
  info: () => unknown
  fullScreen: () => unknown
  onClose: () => void
  onPrevious: (() => void) | undefined
  onNext: (() => void) | undefined
}

/** What may be done with the picture; out of sight while nobody moves, but never while one of them has the focus. */
export function ViewerActions({ id, hasInfo, onClose, onPrevious, onNext, ...does }: ViewerActionsProps) {
  const isIdle = useIdle()
  return (
    <div
      data-idle={isIdle || undefined}
      className="absolute inset-0 z-10 transition-opacity pointer-events-none *:pointer-events-auto duration-[240ms] data-idle:opacity-0 focus-within:opacity-100!"
    >
      {onPrevious && (
        <Arrow label={say('viewer.previous')} side="left-2" onClick={onPrevious}>
          <PreviousIcon />
        </Arrow>
      )}
      {onNext && (
        <Arrow label={say('viewer.next')} side="right-2" onClick={onNext}>
          <NextIcon />
        </Arrow>
      )}
      <div className="absolute inset-x-2 top-2 flex flex-wrap justify-end gap-1">
        <Action label={say('viewer.copy')} onClick={does.copy}>
          <LinkIcon />
        </Action>
        <Action label={say('share.share')} onClick={does.share}>
          <ShareIcon />
        </Action>
        <Action label={say('albums.choose')} onClick={does.album}>
          <AlbumIcon />
        </Action>
        <a
          href={`/i/${id}?download`}
          className={actionClass}
          aria-label={say('viewer.download')}
          title={say('viewer.download')}
        >
          <DownloadIcon />
        </a>
        <Action label={say('viewer.delete')} onClick={does.remove}>
          <TrashIcon />
        </Action>
        <Action label={say('keys.fullScreen')} onClick={does.fullScreen} more="max-sm:hidden">
          <FullScreenIcon />
        </Action>
        <Action label={say('viewer.info')} onClick={does.info} isOn={hasInfo}>
          <InfoIcon />
        </Action>
        <Action label={say('viewer.close')} onClick={onClose}>
          <CloseIcon />
        </Action>
      </div>
    </div>
  )
}

interface ActionProps {
  label: string
  onClick: () => unknown
  isOn?: boolean
  more?: string
  children: ReactNode
}

const actionClass = 'grid size-10 place-items-center rounded-control bg-black/50 hover:bg-black/70 sm:size-11'

const Action = ({ label, onClick, isOn, more = '', children }: ActionProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    aria-pressed={isOn}
    onClick={() => void onClick()}
    className={`${actionClass} ${more}`}
  >
    {children}
  </button>
)

const Arrow = ({ label, side, onClick, children }: ActionProps & { side: string }) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    onClick={() => void onClick()}
    className={`absolute top-1/2 ${side} grid size-11 -translate-y-1/2 place-items-center rounded-full bg-black/50 hover:bg-black/70 pointer-coarse:hidden`}
  >
    {children}
  </button>
)

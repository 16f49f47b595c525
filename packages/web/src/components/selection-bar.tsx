import { type ComponentType, useEffect, useState } from 'react'
import { formatBytes, formatNumber } from '../lib/format.ts'
import { useKeys } from '../lib/keys.ts'
import { share } from '../lib/sharing.ts'
import { useStore } from '../lib/store.ts'
import { say } from '../lib/words.ts'
import { AlbumChoice } from './album-choice.tsx'
import { chosenIds, chosenSketches } from './grid/chosen.ts'
import { sketchAt } from './grid/grid-keys.ts'
import { focusTile } from './grid/roving.ts'
import {
  bytesChosen,
  clearSelection,
  countChosen,
  type Selection,
  scope,
  selectAll,
  selection,
  toggle,
} from './grid/selection.ts'
import type { Sketch } from './grid/sketch.ts'
import { AlbumIcon, CloseIcon, DownloadIcon, EyeIcon, LinkIcon, ShareIcon, TrashIcon } from './icons.tsx'
import { copyLinks, download, setVisibility, trash } from './image-actions.ts'
import { Menu } from './menu.tsx'

/** In the place of the top bar while something is chosen; on a phone its actions stand at the foot. */
export function SelectionBar() {
  const chosen = useStore(selection)
  const [choosing, choose] = useState<'album' | 'share'>()
  const actions = actionsOn(chosen, choose)
  useKeys(keysOf(chosen, actions))
  const count = countChosen(chosen)
  const isReady = useReady()
  const close = () => choose(undefined)
  return (
    <>
      {(count > 0 || isReady) && (
        <div
          className={`${count > 0 ? '' : 'invisible'} fixed inset-x-0 top-0 z-30 flex min-h-12 items-center gap-2 border-b border-line bg-raised px-2 py-1 sm:h-14 sm:px-6`}
        >
          <button type="button" className="quiet px-2" aria-label={say('select.clear')} onClick={leave}>
            <CloseIcon />
          </button>
          <Summary chosen={chosen} />
          <div className="flex gap-2 bg-raised max-sm:fixed max-sm:gap-0 max-sm:inset-x-0 max-sm:bottom-0 max-sm:h-14 max-sm:justify-around max-sm:border-t max-sm:border-line max-sm:pb-[env(safe-area-inset-bottom)]">
            <Action Icon={LinkIcon} label={say('select.copy')} onClick={actions.copy} />
            <Action Icon={ShareIcon} label={say('share.share')} onClick={actions.share} />
            <Action Icon={AlbumIcon} label={say('select.album')} onClick={actions.album} />
            <VisibilityMenu />
            <Action Icon={DownloadIcon} label={say('viewer.download')} onClick={actions.download} />
            <Action Icon={TrashIcon} label={say('select.delete')} onClick={actions.remove} />
          </div>
        </div>
      )}
      {choosing && (
        <AlbumChoice
          pick={chosenIds}
          onClose={close}
          {...(choosing === 'share' && {
            hint: say('share.several'),
            onChosen: (album: string) => share({ album }),
          })}
        />
      )}
    </>
  )
}

/** By then the pictures of the screen have come, and the bar is laid out before somebody chooses the first one. */
const readyAfterMs = 700

function useReady(): boolean {
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), readyAfterMs)
    return () => clearTimeout(timer)
  }, [])
  return isReady
}

function actionsOn(chosen: Selection, choose: (what: 'album' | 'share') => void) {
  const [only] = !chosen.all && chosen.picked.size === 1 ? chosen.picked.keys() : []
  return {
    copy: async () => copyLinks(await chosenSketches()),
    share: () => (only === undefined ? choose('share') : share({ image: only })),
    album: () => choose('album'),
    download: () => download(chosen),
    remove: async () => {
      const ids = await chosenIds()
      clearSelection()
      await trash(ids)
    },
  }
}

/** Of what is chosen; where nothing is, of the picture at which the keyboard is then. */
function keysOf(chosen: Selection, actions: ReturnType<typeof actionsOn>) {
  const { copy, share: shareChosen, album, remove } = actions
  if (countChosen(chosen) > 0) return { copy, share: shareChosen, album, remove, back: leave }
  const here = (work: (sketch: Sketch) => unknown) => () => {
    const sketch = sketchAt()
    if (sketch) void work(sketch)
  }
  return {
    copy: here((sketch) => copyLinks([sketch])),
    share: here(({ id }) => share({ image: id })),
    album: here((sketch) => {
      toggle(sketch)
      album()
    }),
    remove: here(({ id }) => trash([id])),
  }
}

/** Back to where somebody was. */
function leave(): void {
  const last = [...selection.get().picked.keys()].at(-1)
  clearSelection()
  focusTile(last)
}

function Summary({ chosen }: { chosen: Selection }) {
  const all = useStore(scope)?.all
  const count = countChosen(chosen)
  const bytes = bytesChosen(chosen)
  const total = all && `${formatNumber(all.count)}${all.isAtLeast ? '+' : ''}`
  const number = chosen.all?.isAtLeast ? `${formatNumber(count)}+` : formatNumber(count)
  return (
    <p className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 sm:flex-nowrap">
      <strong className="tabular-nums sm:truncate" aria-live="polite">
        {bytes === undefined
          ? say('select.count', { count: number })
          : say('select.countBytes', { count: number, size: formatBytes(bytes) })}
      </strong>
      {all && !chosen.all && all.count > count && (
        <button type="button" className="quiet px-0 text-accent sm:px-3" onClick={selectAll}>
          {say('select.all', { count: total ?? '' })}
        </button>
      )}
    </p>
  )
}

interface ActionProps {
  Icon: ComponentType
  label: string
  onClick: () => unknown
}

const Action = ({ Icon, label, onClick }: ActionProps) => (
  <button type="button" className={actionClass} title={label} onClick={() => void onClick()}>
    <Icon /> <span className="max-lg:sr-only">{label}</span>
  </button>
)

const actionClass = 'quiet px-2 max-sm:min-w-0 max-sm:flex-1 max-sm:px-0 lg:border lg:border-edge lg:px-3'

const visibilities = ['private', 'unlisted', 'public'] as const

const VisibilityMenu = () => (
  <Menu
    label={say('select.visibility')}
    className={actionClass}
    face={
      <>
        <EyeIcon /> <span className="max-lg:sr-only">{say('select.visibility')}</span>
      </>
    }
    items={visibilities.map((visibility) => ({
      label: say(`viewer.${visibility}`),
      onChoose: async () => setVisibility(await chosenIds(), visibility),
    }))}
  />
)

import { memo, useState } from 'react'
import { formatDate } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'
import { CheckIcon, ClockIcon, LockIcon, PlayIcon } from '../icons.tsx'
import { usePlaceholder } from './placeholder.ts'
import { countChosen, extendTo, selection, toggle } from './selection.ts'
import { hasMark, type Sketch } from './sketch.ts'

interface TileProps {
  sketch: Sketch
  left: number
  width: number
  height: number
  isChosen: boolean
  /** It flies past: its picture is not asked for. */
  isRushing: boolean
  onOpen: (id: string) => void
}

/** Few nodes: hundreds of tiles stand on a large screen. */
export const Tile = memo(function Tile({ sketch, left, width, height, ...props }: TileProps) {
  const { isChosen, isRushing, onOpen } = props
  const { id, thumbhash, name, time, marks } = sketch
  const [isLoaded, setLoaded] = useState(false)
  const placeholder = usePlaceholder(thumbhash, isLoaded)
  const date = formatDate(time)
  const label = say('gallery.image', { name, date })
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the link in it has the focus.
    // biome-ignore lint/a11y/useSemanticElements: the rows of a table cannot stand where they are put.
    <div
      role="gridcell"
      className="group absolute top-0 h-full overflow-hidden rounded-none bg-sunken bg-cover sm:rounded-tile"
      style={{ left, width, ...(isChosen ? {} : placeholder) }}
    >
      <a
        href={`/?view=${id}`}
        data-tile={id}
        tabIndex={-1}
        aria-label={hasMark(marks, 'private') ? `${label}, ${say('gallery.private')}` : label}
        className={`block size-full scroll-mt-16 scroll-mb-6 -outline-offset-2 transition-transform duration-[120ms] ${isChosen ? 'scale-[.92] ring-2 ring-accent' : ''}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          if (event.shiftKey) void extendTo(sketch)
          else if (countChosen(selection.get()) > 0) toggle(sketch)
          else onOpen(id)
        }}
      >
        <Picture
          id={id}
          side={Math.max(width, height)}
          isRushing={isRushing}
          isHidden={!isLoaded && placeholder.backgroundImage !== undefined}
          onLoad={setLoaded}
        />
        <Badges marks={marks} />
      </a>
      <button
        type="button"
        tabIndex={-1}
        aria-pressed={isChosen}
        aria-label={say('select.image', { name })}
        onClick={({ shiftKey }) =>
          shiftKey && selection.get().picked.size > 0 ? void extendTo(sketch) : toggle(sketch)
        }
        className={`absolute top-1.5 left-1.5 grid size-6 place-items-center rounded-full border border-white/80 ${
          isChosen
            ? 'bg-accent text-on-accent'
            : 'bg-black/40 text-white opacity-0 group-hover:opacity-100 group-data-choosing/grid:opacity-100'
        }`}
      >
        {isChosen && <CheckIcon className="size-4" />}
      </button>
    </div>
  )
})

/** The size of the preset `thumb`, in pixels. */
const thumbSide = 330

interface PictureProps {
  id: string
  side: number
  isRushing: boolean
  /** Its sketch stands there: it fades in when it has come. A picture that was faster is shown at once. */
  isHidden: boolean
  onLoad: (isLoaded: boolean) => void
}

function Picture({ id, side, isRushing, isHidden, onLoad }: PictureProps) {
  const [wasAsked, ask] = useState(!isRushing)
  if (!wasAsked && !isRushing) ask(true)
  if (!wasAsked) return null
  // Sharp on dense screens, and never the original.
  const preset = side * Math.min(2, devicePixelRatio) > thumbSide ? 'small' : 'thumb'
  return (
    <img
      src={`/i/${id}?preset=${preset}`}
      alt=""
      decoding="async"
      draggable={false}
      onLoad={() => onLoad(true)}
      className={`size-full object-cover transition-opacity duration-[160ms] ${isHidden ? 'opacity-0' : ''}`}
    />
  )
}

const badges = [
  ['private', LockIcon],
  ['expires', ClockIcon],
  ['animated', PlayIcon],
] as const

/** Only where they matter: most pictures have none. */
function Badges({ marks }: { marks: number }) {
  if (marks === 0) return null
  return (
    <span className="absolute bottom-1.5 left-1.5 flex gap-1 text-white drop-shadow-[0_0_2px_rgb(0_0_0/.9)]">
      {badges.map(([mark, Icon]) => hasMark(marks, mark) && <Icon key={mark} className="size-3.5" />)}
    </span>
  )
}

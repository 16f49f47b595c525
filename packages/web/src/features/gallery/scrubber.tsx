import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import { useScroll, useScrolled } from '../../components/grid/viewport.ts'
import { formatMonth } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'
import { type Block, heightOf, indexAt } from './timeline-layout.ts'

/** Fewer windows than this are scrolled faster by hand. */
const fewestWindows = 4
/** Names of years that would stand closer are left out, in shares of the whole. */
const yearGap = 0.035

interface ScrubberProps {
  blocks: readonly Block[]
  /** Of the first of them, on the page. */
  top: number
  /** By the bar, of the top of the window. */
  covered: number
  /** To what is so far below it. */
  goTo: (y: number) => void
}

/** A long way through the months at the right edge: dragged, or by arrow keys. */
export function Scrubber({ blocks, top, covered, goTo }: ScrubberProps) {
  const scroll = useScroll()
  const track = useRef<HTMLDivElement>(null)
  const [isDragged, drag] = useState(false)
  const years = useMemo(() => yearsOf(blocks), [blocks])
  const at = useScrolled((y) => indexAt(blocks, y - top + covered))
  const height = heightOf(blocks)
  if (height < fewestWindows * innerHeight) return null
  const reach = Math.max(1, height - innerHeight)
  const share = Math.min(1, Math.max(0, (scroll - top) / reach))
  const month = formatMonth(blocks[at]!.month)

  function follow({ clientY, currentTarget }: PointerEvent<HTMLDivElement>): void {
    const { top: upper, height: length } = currentTarget.getBoundingClientRect()
    const wanted = Math.min(1, Math.max(0, (clientY - upper) / length))
    goTo(wanted * reach + covered)
  }
  function move(event: KeyboardEvent): void {
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const now = indexAt(blocks, scrollY - top + covered)
    goTo(blocks[Math.min(blocks.length - 1, Math.max(0, now + step))]!.top)
  }
  return (
    <div
      ref={track}
      role="slider"
      tabIndex={0}
      aria-label={say('gallery.scrubber')}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={blocks.length - 1}
      aria-valuenow={at}
      aria-valuetext={month}
      data-dragged={isDragged || undefined}
      className="group fixed top-28 right-0 bottom-20 z-20 w-5 cursor-ns-resize touch-none select-none sm:bottom-6 sm:w-6"
      onKeyDown={move}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        drag(true)
        follow(event)
      }}
      onPointerMove={(event) => isDragged && follow(event)}
      onPointerUp={() => drag(false)}
      onPointerCancel={() => drag(false)}
    >
      {years.map(({ year, share }) => (
        <span
          key={year}
          aria-hidden="true"
          className="meta absolute right-2 -translate-y-1/2 rounded-control bg-bg px-1 opacity-0 transition-opacity duration-[120ms] group-hover:opacity-100 group-focus-visible:opacity-100 group-data-dragged:opacity-100"
          style={{ top: `${100 * share}%` }}
        >
          {year}
        </span>
      ))}
      <span
        aria-hidden="true"
        className="absolute right-1 h-1 w-3 -translate-y-1/2 rounded-full bg-edge group-hover:bg-text group-data-dragged:bg-accent"
        style={{ top: `${100 * share}%` }}
      >
        <strong className="absolute top-1/2 right-5 hidden -translate-y-1/2 rounded-control bg-text px-3 py-1.5 whitespace-nowrap text-bg tabular-nums shadow-lg group-focus-visible:block group-data-dragged:block">
          {month}
        </strong>
      </span>
    </div>
  )
}

/** In months; newer ones are above. */
const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
  PageDown: 12,
  PageUp: -12,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

/** Where years begin, as shares of the height. */
function yearsOf(blocks: readonly Block[]): { year: string; share: number }[] {
  const height = Math.max(1, heightOf(blocks))
  const years: { year: string; share: number }[] = []
  for (const { month, top } of blocks) {
    const year = month.slice(0, 4)
    const share = top / height
    const before = years.at(-1)
    if (before?.year !== year && (!before || share - before.share >= yearGap)) years.push({ year, share })
  }
  return years
}

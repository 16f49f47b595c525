import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from '../../lib/store.ts'
import { firstAfter, type Layout, type Row, rowsWithin } from './layout.ts'
import { focused } from './roving.ts'
import { countChosen, isChosen, selection } from './selection.ts'
import type { Sketch } from './sketch.ts'
import { Tile } from './tile.tsx'
import { useReach, useRushing, useScroll } from './viewport.ts'

interface GridProps {
  label: string
  sketches: readonly Sketch[]
  layout: Layout
  /** Where the grid begins on the page. */
  top: number
  onOpen: (id: string) => void
}

/** Only rows near the window are in the document, and the one where somebody is by the keyboard. */
export function Grid({ label, sketches, layout, top, onOpen }: GridProps) {
  const scroll = useScroll()
  const isRushing = useRushing()
  const chosen = useStore(selection)
  const at = useStore(focused)
  const around = useReach()
  const from = scroll - top - around
  const near = rowsWithin(layout.rows, from, scroll - top + innerHeight + around)
  const kept = useMemo(() => rowOf(at, sketches, layout.rows), [at, sketches, layout])
  const rows = useGradually(kept && !near.includes(kept) ? [...near, kept] : near)
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows of a table cannot stand where they are put.
    <div
      role="grid"
      aria-label={label}
      aria-rowcount={layout.rows.length}
      data-choosing={countChosen(chosen) > 0 || undefined}
      className="group/grid relative"
      style={{ height: layout.height }}
    >
      {rows.map((row) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the links in it have the focus.
        // biome-ignore lint/a11y/useSemanticElements: see above.
        <div
          key={row.top}
          role="row"
          aria-rowindex={layout.rows.indexOf(row) + 1}
          className="absolute inset-x-0"
          style={{ top: row.top, height: row.height }}
        >
          {row.items.map(({ index, left, width }) => {
            const sketch = sketches[index]
            return (
              sketch && (
                <Tile
                  key={sketch.id}
                  sketch={sketch}
                  left={left}
                  width={width}
                  height={row.height}
                  isChosen={isChosen(chosen, sketch.id)}
                  isRushing={isRushing}
                  onOpen={onOpen}
                />
              )
            )
          })}
        </div>
      ))}
    </div>
  )
}

/** Rows that come into a frame: more of them would hold it up. */
const perFrame = 2

/** The rows that stood already, and some of the others; the rest follow in the next frames. */
function useGradually(rows: readonly Row[]): readonly Row[] {
  const stood = useRef<ReadonlySet<Row>>(new Set())
  /** Of this frame, in which it may be drawn more than once. */
  const left = useRef(perFrame)
  const [, again] = useState(0)
  const fresh = rows.filter((row) => !stood.current.has(row))
  const late = new Set(fresh.slice(left.current))
  const shown = rows.filter((row) => !late.has(row))
  useEffect(() => {
    stood.current = new Set(shown)
    left.current -= fresh.length - late.size
    if (left.current === perFrame) return
    const frame = requestAnimationFrame(() => {
      left.current = perFrame
      if (late.size > 0) again((count) => count + 1)
    })
    return () => cancelAnimationFrame(frame)
  })
  return shown
}

function rowOf(id: string | undefined, sketches: readonly Sketch[], rows: readonly Row[]): Row | undefined {
  const at = id === undefined ? -1 : sketches.findIndex((sketch) => sketch.id === id)
  return at === -1 ? undefined : rows[firstAfter(rows, ({ items }) => items.at(-1)!.index >= at)]
}

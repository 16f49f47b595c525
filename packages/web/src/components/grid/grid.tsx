import { useMemo } from 'react'
import { useStore } from '../../lib/store.ts'
import { firstAfter, type Layout, type Row, rowsWithin } from './layout.ts'
import { focused } from './roving.ts'
import { countChosen, isChosen, selection } from './selection.ts'
import type { Sketch } from './sketch.ts'
import { Tile } from './tile.tsx'
import { useRushing, useScroll } from './viewport.ts'

/** Rows this far from the window are drawn too, so that scrolling shows pictures; not while all flies past. */
const margin = 600
const rushMargin = 100

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
  const isChoosing = countChosen(chosen) > 0
  const around = isRushing ? rushMargin : margin
  const from = scroll - top - around
  const near = rowsWithin(layout.rows, from, scroll - top + innerHeight + around)
  const kept = useMemo(() => rowOf(at, sketches, layout.rows), [at, sketches, layout])
  const rows = kept && !near.includes(kept) ? [...near, kept] : near
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows of a table cannot stand where they are put.
    <div
      role="grid"
      aria-label={label}
      aria-rowcount={layout.rows.length}
      className="relative"
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
                  isChoosing={isChoosing}
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

function rowOf(id: string | undefined, sketches: readonly Sketch[], rows: readonly Row[]): Row | undefined {
  const at = id === undefined ? -1 : sketches.findIndex((sketch) => sketch.id === id)
  return at === -1 ? undefined : rows[firstAfter(rows, ({ items }) => items.at(-1)!.index >= at)]
}

import { useStore } from '../../lib/store.ts'
import type { Layout } from './layout.ts'
import { selection } from './selection.ts'
import type { Sketch } from './sketch.ts'
import { Tile } from './tile.tsx'
import { useScroll } from './viewport.ts'

/** Rows this far from the window are drawn too, so that fast scrolling shows pictures. */
const margin = 700

interface GridProps {
  sketches: readonly Sketch[]
  layout: Layout
  /** Where the grid begins on the page. */
  top: number
  isFirst: boolean
  onOpen: (id: string) => void
}

/** Only rows near the window are in the document. */
export function Grid({ sketches, layout, top, isFirst, onOpen }: GridProps) {
  const scroll = useScroll()
  const chosen = useStore(selection)
  const from = scroll - top - margin
  const to = scroll - top + innerHeight + margin
  const rows = layout.rows.filter((row) => row.top + row.height > from && row.top < to)
  return (
    <div className="relative" style={{ height: layout.height }}>
      {rows.map((row) => (
        <div key={row.top} className="absolute inset-x-0" style={{ top: row.top, height: row.height }}>
          {row.items.map(({ index, left, width }) => {
            const sketch = sketches[index]
            return (
              sketch && (
                <Tile
                  key={sketch.id}
                  {...sketch}
                  left={left}
                  width={width}
                  height={row.height}
                  isChosen={chosen.has(sketch.id)}
                  isChoosing={chosen.size > 0}
                  isFirst={isFirst && index === 0}
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

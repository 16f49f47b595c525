import { useEffect, useMemo, useState } from 'react'
import { Grid } from './grid.tsx'
import { justify, measuresFor } from './layout.ts'
import type { Sketch } from './sketch.ts'
import { useScroll } from './viewport.ts'

interface EndlessGridProps {
  sketches: readonly Sketch[]
  width: number
  onOpen: (id: string) => void
  /** Asked for more when the end comes near; undefined: there is no more, or it is under way. */
  onNearEnd: (() => void) | undefined
}

/** More is asked for this far before the end. */
const near = 1_500

/** Pictures in one order that has no months. */
export function EndlessGrid({ sketches, width, onOpen, onNearEnd }: EndlessGridProps) {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const scroll = useScroll()
  const layout = useMemo(
    () =>
      justify(
        sketches.map(({ ratio }) => ratio),
        measuresFor(width),
      ),
    [sketches, width],
  )
  const top = element?.offsetTop ?? 0
  const isNearEnd = top + layout.height < scroll + innerHeight + near
  useEffect(() => {
    if (isNearEnd) onNearEnd?.()
  }, [isNearEnd, onNearEnd])
  return (
    <div ref={setElement} className="pt-4">
      <Grid sketches={sketches} layout={layout} top={top} isFirst onOpen={onOpen} />
    </div>
  )
}

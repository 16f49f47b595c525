import type { ImageFilters } from '@imagehost/contract/image-filters'
import { useEffect, useMemo, useState } from 'react'
import { say } from '../../lib/words.ts'
import { Grid } from './grid.tsx'
import { useGridKeys } from './grid-keys.ts'
import { justify, measuresFor } from './layout.ts'
import { type Scope, scope } from './selection.ts'
import type { Sketch } from './sketch.ts'
import { useTouchSelection } from './touch-selection.ts'
import { useScroll } from './viewport.ts'

interface EndlessGridProps {
  sketches: readonly Sketch[]
  width: number
  onOpen: (id: string) => void
  /** Asked for more when the end comes near; undefined: there is no more, or it is under way. */
  onNearEnd: (() => void) | undefined
  /** What finds all of them, and how many that are, for choosing them at once. */
  filter?: ImageFilters
  count?: number
  hasMore?: boolean
}

/** More is asked for this far before the end. */
const near = 1_500

/** Pictures in one order that has no months. */
export function EndlessGrid({ sketches, width, onOpen, onNearEnd, ...all }: EndlessGridProps) {
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
  useGridKeys(element)
  useTouchSelection(element)
  useScope(sketches, all)
  const top = element?.offsetTop ?? 0
  const isNearEnd = top + layout.height < scroll + innerHeight + near
  useEffect(() => {
    if (isNearEnd) onNearEnd?.()
  }, [isNearEnd, onNearEnd])
  return (
    <div ref={setElement} className="pt-4">
      <Grid label={say('nav.photos')} sketches={sketches} layout={layout} top={top} onOpen={onOpen} />
    </div>
  )
}

function useScope(
  sketches: readonly Sketch[],
  { filter, count, hasMore }: Pick<EndlessGridProps, 'filter' | 'count' | 'hasMore'>,
) {
  const key = JSON.stringify(filter)
  useEffect(() => {
    const indexOf = ({ id }: Sketch) => sketches.findIndex((sketch) => sketch.id === id)
    const mine: Scope = {
      find: (id) => sketches.find((sketch) => sketch.id === id),
      order: () => sketches.map(({ id }) => id),
      between: async (from, to) => {
        const [first = 0, last = 0] = [indexOf(from), indexOf(to)].sort((a, b) => a - b)
        return sketches.slice(first, last + 1)
      },
      ...(key && {
        all: {
          filter: JSON.parse(key),
          count: count ?? sketches.length,
          isAtLeast: count === undefined && hasMore === true,
        },
      }),
    }
    scope.set(() => mine)
    return () => scope.set((now) => (now === mine ? undefined : now))
  }, [sketches, key, count, hasMore])
}

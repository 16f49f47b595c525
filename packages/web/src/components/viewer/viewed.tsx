import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import { useSearchParams } from 'wouter'
import { focusTile } from '../grid/roving.ts'

const loadViewer = () => import('./viewer.tsx')
const Viewer = lazy(loadViewer)

/** By then the pictures of the screen have come, and whoever opens the first one waits for nothing. */
const viewerAfterMs = 1_500

/**
 * Which picture of a screen is open, as the address says it, so that the way back closes it. Moving on to another one is no
 * further step of that way.
 */
export function useViewed() {
  const [query, setQuery] = useSearchParams()
  const view = useCallback(
    (id: string | undefined, replace: boolean) =>
      setQuery(
        (before) => {
          const next = new URLSearchParams(before)
          if (id === undefined) next.delete('view')
          else next.set('view', id)
          return next
        },
        { replace },
      ),
    [setQuery],
  )
  useEffect(() => {
    const timer = setTimeout(() => loadViewer().catch(() => {}), viewerAfterMs)
    return () => clearTimeout(timer)
  }, [])
  // The same ones each time: whatever shows tiles would draw them anew for a new one.
  const open = useCallback((id: string) => view(id, false), [view])
  const move = useCallback((id: string | undefined) => view(id, true), [view])
  return { viewed: query.get('view') ?? undefined, open, move }
}

interface ViewedProps {
  id: string
  order: readonly string[]
  /** To nothing: it is closed. */
  onMove: (id: string | undefined) => void
}

export function Viewed({ id, order, onMove }: ViewedProps) {
  const last = useRef(id)
  useEffect(() => {
    last.current = id
  }, [id])
  // Whatever closes it: the keyboard goes on where the picture is.
  useLayoutEffect(() => () => queueMicrotask(() => focusTile(last.current)), [])
  return (
    <Suspense>
      <Viewer id={id} order={order} onMove={onMove} onClose={() => onMove(undefined)} />
    </Suspense>
  )
}

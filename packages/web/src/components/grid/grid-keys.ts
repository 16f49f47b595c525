import { useEffect } from 'react'
import { useKeys } from '../../lib/keys.ts'
import { focused, nextByArrow, tileOf, useRoving } from './roving.ts'
import { beginRange, extendTo, scope, selectAll, selection, toggle } from './selection.ts'

/** Moving and choosing by the keyboard in a grid of tiles. */
export function useGridKeys(element: HTMLElement | null): void {
  useRoving(element)
  useKeys({
    select: () => {
      const here = sketchAt()
      if (here) toggle(here)
    },
    selectAll,
  })
  useEffect(() => {
    element?.addEventListener('keydown', moveByArrow)
    return () => element?.removeEventListener('keydown', moveByArrow)
  }, [element])
}

/** Where the keyboard is. */
export const sketchAt = (id = focused.get()) => (id === undefined ? undefined : scope.get()?.find(id))

function moveByArrow(event: KeyboardEvent): void {
  const from = tileOf(event.target)
  if (!from || event.metaKey || event.ctrlKey || event.altKey) return
  const next = nextByArrow(from, event.key)
  if (!next) return
  event.preventDefault()
  const [here, there] = [sketchAt(from.dataset.tile), sketchAt(next.dataset.tile)]
  if (event.shiftKey && here && there) {
    if (selection.get().picked.size === 0) beginRange(here)
    void extendTo(there)
  }
  next.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}

import { useEffect } from 'react'
import { tileOf } from './roving.ts'
import { extendTo, scope, selection, toggle } from './selection.ts'

/** As long as phones take a press for a long one. */
const longPressMs = 450
/** Pixels: a finger never lies quite still. */
const trembling = 10

/** On a phone a long press chooses, and moving on without letting go chooses all that lies between. */
export function useTouchSelection(element: HTMLElement | null): void {
  useEffect(() => {
    if (!element) return
    const ended = new AbortController()
    const { signal } = ended
    let timer: ReturnType<typeof setTimeout> | undefined
    let start = { x: 0, y: 0 }
    let last: string | undefined
    let isDrawing = false

    element.addEventListener('pointerdown', begin, { signal })
    element.addEventListener('pointermove', follow, { signal })
    element.addEventListener('pointerup', end, { signal })
    element.addEventListener('pointercancel', end, { signal })
    // Not passive: while something is chosen by a finger, the page does not scroll under it.
    element.addEventListener('touchmove', (event) => isDrawing && event.preventDefault(), { signal, passive: false })
    // The menu that phones open for a link.
    element.addEventListener('contextmenu', (event) => isDrawing && event.preventDefault(), { signal })
    // Letting go is no press.
    element.addEventListener('click', swallow, { signal, capture: true })
    return () => ended.abort()

    function begin({ pointerType, clientX, clientY, target }: PointerEvent): void {
      const id = tileOf(target)?.dataset.tile
      const sketch = id === undefined ? undefined : scope.get()?.find(id)
      if (pointerType !== 'touch' || !sketch) return
      start = { x: clientX, y: clientY }
      clearTimeout(timer)
      timer = setTimeout(() => {
        isDrawing = true
        last = id
        navigator.vibrate?.(10)
        if (!selection.get().picked.has(sketch.id)) toggle(sketch)
      }, longPressMs)
    }
    function follow({ clientX, clientY }: PointerEvent): void {
      if (!isDrawing) {
        if (Math.hypot(clientX - start.x, clientY - start.y) > trembling) clearTimeout(timer)
        return
      }
      const id = tileOf(document.elementFromPoint(clientX, clientY))?.dataset.tile
      const sketch = id === undefined || id === last ? undefined : scope.get()?.find(id)
      if (!sketch) return
      last = id
      void extendTo(sketch)
    }
    function end(): void {
      clearTimeout(timer)
      // After the click that follows.
      if (isDrawing) setTimeout(() => (isDrawing = false))
    }
    function swallow(event: MouseEvent): void {
      if (!isDrawing) return
      event.preventDefault()
      event.stopPropagation()
    }
  }, [element])
}

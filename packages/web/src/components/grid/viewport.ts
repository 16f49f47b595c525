import { useEffect, useState, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let isWaiting = false

/** Once for each picture that the screen shows, however many events come. */
function tell(): void {
  if (isWaiting) return
  isWaiting = true
  requestAnimationFrame(() => {
    isWaiting = false
    for (const listener of listeners) listener()
  })
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    addEventListener('scroll', tell, { passive: true })
    addEventListener('resize', tell)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    removeEventListener('scroll', tell)
    removeEventListener('resize', tell)
  }
}

/** In steps, so that most scrolling changes nothing. */
const step = 200

/** Where the window is, in steps of some rows. */
export const useScroll = (): number => useSyncExternalStore(subscribe, () => Math.round(scrollY / step) * step)

/** The width of an element, as it changes. */
export function useWidth(element: HTMLElement | null): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return width
}

import { useEffect, useState, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let isWaiting = false
let isRushing = false
let last = { y: 0, at: 0 }
let settling: ReturnType<typeof setTimeout> | undefined

/** Faster than this many windows a second nobody sees a picture: none is asked for. */
const rush = 8
const settleMs = 120

/** Once for each picture that the screen shows, however many events come. */
function tell(): void {
  if (isWaiting) return
  isWaiting = true
  requestAnimationFrame((at) => {
    isWaiting = false
    const windows = Math.abs(scrollY - last.y) / innerHeight
    isRushing = windows / Math.max(0.001, (at - last.at) / 1000) > rush && windows > 0.25
    last = { y: scrollY, at }
    clearTimeout(settling)
    if (isRushing) settling = setTimeout(settle, settleMs)
    for (const listener of listeners) listener()
  })
}

function settle(): void {
  isRushing = false
  for (const listener of listeners) listener()
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

/** Called for each picture of the screen while somebody scrolls; answers how to end that. */
export const onScroll = subscribe

/** In steps, so that most scrolling changes nothing. */
const step = 200

/** Where the window is, in steps of some rows. */
export const useScroll = (): number => useSyncExternalStore(subscribe, () => Math.round(scrollY / step) * step)

/** Whether everything flies past. */
export const useRushing = (): boolean => useSyncExternalStore(subscribe, () => isRushing)

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

import { useEffect, useState, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let isWaiting = false
let isRushing = false
/** Asked for once in each picture: while rows are being changed, the answer would cost a layout. */
let last = { y: 0, at: 0 }
let next: ReturnType<typeof setTimeout> | undefined

/** Faster than this many windows a second nobody sees a picture: none is asked for. */
const rush = 8
const settleMs = 120

/**
 * Rows this far from the window are drawn too, so that scrolling shows pictures. While all flies past, and just after,
 * fewer: drawing many at once would hold up the next frame.
 */
const reaches = [100, 300, 600] as const
let reach: number = reaches[0]

/** Once for each picture that the screen shows, however many events come. */
function tell(): void {
  if (isWaiting) return
  isWaiting = true
  requestAnimationFrame((at) => {
    isWaiting = false
    const windows = Math.abs(scrollY - last.y) / innerHeight
    const wasRushing = isRushing
    isRushing = windows / Math.max(0.001, (at - last.at) / 1000) > rush && windows > 0.25
    last = { y: scrollY, at }
    if (isRushing) reach = reaches[0]
    if (isRushing || wasRushing) settleLater(settleMs)
    announce()
  })
}

function settleLater(ms: number): void {
  clearTimeout(next)
  next = setTimeout(() => {
    isRushing = false
    reach = reaches.find((wider) => wider > reach) ?? reach
    if (reach < reaches.at(-1)!) settleLater(16)
    announce()
  }, ms)
}

function announce(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    addEventListener('scroll', tell, { passive: true })
    addEventListener('resize', tell)
    tell()
    settleLater(settleMs)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    removeEventListener('scroll', tell)
    removeEventListener('resize', tell)
    clearTimeout(next)
    reach = reaches[0]
  }
}

/** Called for each picture of the screen while somebody scrolls; answers how to end that. */
export const onScroll = subscribe

/** The script is about to move the window with all that is in it: rows are drawn for where it will be. */
export function expectMove(by: number): void {
  last = { ...last, y: last.y + by }
}

/** In steps, so that most scrolling changes nothing. */
const step = 200

/** Where the window is, in steps of some rows. */
export const useScroll = (): number => useScrolled((y) => Math.round(y / step) * step)

/** What follows from where the window is exactly, in pixels: drawn again when that changes. */
export const useScrolled = (read: (y: number) => number): number => useSyncExternalStore(subscribe, () => read(last.y))

/** Whether everything flies past. */
export const useRushing = (): boolean => useSyncExternalStore(subscribe, () => isRushing)

/** How far beyond the window is drawn, in pixels. */
export const useReach = (): number => useSyncExternalStore(subscribe, () => reach)

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

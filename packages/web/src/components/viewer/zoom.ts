/** How a picture lies in its window: larger by `scale`, and away from the middle by so many pixels. */
export interface Place {
  scale: number
  x: number
  y: number
}

export const fitting: Place = { scale: 1, x: 0, y: 0 }

const largest = 8
/** One press of a key, or a double press on the picture. */
export const keyStep = 1.5
export const pressStep = 2.5

/** Zoomed about a point, given from the middle of the window, which stays where it is. */
export function zoomed({ scale, x, y }: Place, by: number, at = { x: 0, y: 0 }): Place {
  const next = Math.min(largest, Math.max(1, scale * by))
  if (next === 1) return fitting
  const ratio = next / scale
  return { scale: next, x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio }
}

/** Moved, but never so far that the picture leaves the window. */
export function moved({ scale, x, y }: Place, dx: number, dy: number, size: { width: number; height: number }): Place {
  const most = { x: (size.width * (scale - 1)) / 2, y: (size.height * (scale - 1)) / 2 }
  return { scale, x: within(x + dx, most.x), y: within(y + dy, most.y) }
}

const within = (value: number, most: number) => Math.min(most, Math.max(-most, value))

export type Swipe = 'next' | 'previous' | 'close' | 'info'

/** Pixels after which a finger meant it. */
const swipePixels = 60

/** What a finger that has moved so far across a picture wants. */
export function swipeOf(dx: number, dy: number): Swipe | undefined {
  if (Math.max(Math.abs(dx), Math.abs(dy)) < swipePixels) return undefined
  if (Math.abs(dx) > Math.abs(dy)) return dx < 0 ? 'next' : 'previous'
  return dy > 0 ? 'close' : 'info'
}

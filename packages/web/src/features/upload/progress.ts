import { useEffect, useRef, useState } from 'react'
import type { Item } from '../../lib/upload-queue.ts'

/** Of all that is in the tray. */
export interface Progress {
  total: number
  done: number
  refused: number
  isOver: boolean
  bytes: number
  sent: number
}

export function progressOf(items: readonly Item[]): Progress {
  const done = items.filter(({ state }) => state === 'done').length
  const refused = items.filter(({ state }) => state === 'failed').length
  // What was refused has nothing left to send.
  const sent = items.reduce((sum, { sent, size, state }) => sum + (state === 'failed' ? size : Math.min(sent, size)), 0)
  const bytes = items.reduce((sum, { size }) => sum + size, 0)
  return { total: items.length, done, refused, isOver: done + refused === items.length, bytes, sent }
}

interface Sample {
  at: number
  sent: number
}

/** Over so many milliseconds a speed neither jumps nor lags. */
const windowMs = 5_000

/** Bytes a second over the last samples; undefined until that says something. */
export function speedOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.at - first.at < 500 || last.sent <= first.sent) return undefined
  return ((last.sent - first.sent) * 1000) / (last.at - first.at)
}

/** How fast the bytes leave, twice a second. */
export function useSpeed(sent: number, isOn: boolean): number | undefined {
  const samples = useRef<Sample[]>([])
  const latest = useRef(sent)
  latest.current = sent
  const [speed, setSpeed] = useState<number>()
  useEffect(() => {
    samples.current = []
    setSpeed(undefined)
    if (!isOn) return
    const timer = setInterval(() => {
      const at = performance.now()
      samples.current = [...samples.current.filter((one) => at - one.at < windowMs), { at, sent: latest.current }]
      setSpeed(speedOf(samples.current))
    }, 500)
    return () => clearInterval(timer)
  }, [isOn])
  return speed
}

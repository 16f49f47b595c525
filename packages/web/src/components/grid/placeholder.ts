import { useEffect, useState } from 'react'
import { thumbHashToAverageRGBA } from 'thumbhash'

const drawn = new Map<string, string>()
/** A few screens, 4 KB each; they are made again in a few milliseconds. */
const maxDrawn = 300

const waiting = new Map<string, Set<(image: string) => void>>()
let worker: Worker | undefined

/** A picture that comes sooner needs no sketch: its colour stands there meanwhile, which costs nothing. */
const patienceMs = 120

/** What stands in the place of a picture until it is there: its colour at once, its sketch a moment later. */
export function usePlaceholder(
  thumbhash: string,
  isLoaded: boolean,
): { backgroundColor?: string; backgroundImage?: string } {
  const [image, setImage] = useState(drawn.get(thumbhash))
  useEffect(() => {
    const known = drawn.get(thumbhash)
    if (known !== undefined || thumbhash === '' || isLoaded) return
    let stop: (() => void) | undefined
    const timer = setTimeout(() => {
      stop = draw(thumbhash, setImage)
    }, patienceMs)
    return () => {
      clearTimeout(timer)
      stop?.()
    }
  }, [thumbhash, isLoaded])
  if (thumbhash === '') return {}
  return image === undefined ? { backgroundColor: colorOf(thumbhash) } : { backgroundImage: `url(${image})` }
}

/** Asks the worker once, however many wait for it; answers how to wait no longer. */
function draw(thumbhash: string, done: (image: string) => void): () => void {
  const others = waiting.get(thumbhash)
  if (!others) {
    worker ??= start()
    worker.postMessage(thumbhash)
  }
  const all = others ?? new Set()
  all.add(done)
  waiting.set(thumbhash, all)
  return () => void all.delete(done)
}

function start(): Worker {
  const started = new Worker(new URL('./thumbhash.worker.ts', import.meta.url), { type: 'module' })
  started.onmessage = ({ data: [thumbhash, image] }: MessageEvent<[string, string]>) => {
    forgetOldest()
    drawn.set(thumbhash, image)
    for (const done of waiting.get(thumbhash) ?? []) done(image)
    waiting.delete(thumbhash)
  }
  return started
}

function forgetOldest(): void {
  if (drawn.size < maxDrawn) return
  const [[thumbhash, image] = ['', '']] = drawn
  URL.revokeObjectURL(image)
  drawn.delete(thumbhash)
}

function colorOf(thumbhash: string): string {
  const { r, g, b } = thumbHashToAverageRGBA(Uint8Array.from(atob(thumbhash), (letter) => letter.charCodeAt(0)))
  return `rgb(${[r, g, b].map((share) => Math.round(share * 255)).join(' ')})`
}

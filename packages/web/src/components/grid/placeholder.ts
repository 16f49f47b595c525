import { useEffect, useState } from 'react'
import { thumbHashToAverageRGBA, thumbHashToDataURL } from 'thumbhash'

const drawn = new Map<string, string>()
/** A few screens, 4 KB each; they are made again in a fraction of a millisecond. */
const maxDrawn = 300
/** Of each frame, so that scrolling goes on meanwhile. */
const budgetMs = 4

const waiting = new Set<() => void>()

/** What stands in the place of a picture until it is there: its colour at once, its sketch in one of the next frames. */
export function usePlaceholder(thumbhash: string): { backgroundColor?: string; backgroundImage?: string } {
  const [image, setImage] = useState(drawn.get(thumbhash))
  useEffect(() => {
    if (thumbhash === '' || drawn.has(thumbhash)) return setImage(drawn.get(thumbhash))
    const work = () => setImage(draw(thumbhash))
    if (waiting.size === 0) requestAnimationFrame(workOn)
    waiting.add(work)
    return () => void waiting.delete(work)
  }, [thumbhash])
  if (thumbhash === '') return {}
  return image === undefined ? { backgroundColor: colorOf(thumbhash) } : { backgroundImage: `url(${image})` }
}

function workOn(): void {
  const until = performance.now() + budgetMs
  for (const work of waiting) {
    waiting.delete(work)
    work()
    if (performance.now() > until) break
  }
  if (waiting.size > 0) requestAnimationFrame(workOn)
}

function draw(thumbhash: string): string {
  if (drawn.size >= maxDrawn) drawn.clear()
  const url = thumbHashToDataURL(bytesOf(thumbhash))
  drawn.set(thumbhash, url)
  return url
}

function colorOf(thumbhash: string): string {
  const { r, g, b } = thumbHashToAverageRGBA(bytesOf(thumbhash))
  return `rgb(${[r, g, b].map((share) => Math.round(share * 255)).join(' ')})`
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

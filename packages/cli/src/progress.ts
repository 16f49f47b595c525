import type { Progress } from '@imagehost/client'
import { sizeText } from './sizes.ts'

/** How far several uploads are, in one line. */
export function createProgress(count: number, show: (text: string) => void) {
  const running = new Map<string, Progress>()
  let finished = 0

  function draw(): void {
    const place = count > 1 ? `${Math.min(finished + 1, count)}/${count} ` : ''
    const [first] = running
    if (first === undefined) return
    const [label, { stage, sentBytes, totalBytes }] = first
    const far =
      stage === 'checking' ? 'checking' : `${Math.floor((100 * sentBytes) / totalBytes)}% of ${sizeText(totalBytes)}`
    show(`${place}${label}  ${far}`)
  }

  return {
    report(label: string, progress: Progress): void {
      running.set(label, progress)
      draw()
    },
    end(label: string): void {
      running.delete(label)
      finished++
      draw()
    },
  }
}

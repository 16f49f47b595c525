import { useEffect, useState } from 'react'

/** Long enough to reach for a button, short enough to be alone with the picture. */
const idleMs = 2_500

/** Whether nobody has moved, pressed or touched anything for a while. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false)
  useEffect(() => {
    const ended = new AbortController()
    let timer = setTimeout(() => setIdle(true), idleMs)
    const wake = () => {
      clearTimeout(timer)
      timer = setTimeout(() => setIdle(true), idleMs)
      setIdle(false)
    }
    for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin'])
      addEventListener(type, wake, { signal: ended.signal, passive: true })
    return () => {
      ended.abort()
      clearTimeout(timer)
    }
  }, [])
  return isIdle
}

import { useRef, useState } from 'react'

/** Does what somebody asked for, and keeps what was said against it until the next try. */
export function useAttempt() {
  const [fault, setFault] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const running = useRef(0)
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    running.current++
    setBusy(true)
    setFault(undefined)
    try {
      await work()
    } catch (error) {
      setFault((error as Error).message)
    } finally {
      setBusy(--running.current > 0)
    }
  }
  return { attempt, fault, isBusy }
}

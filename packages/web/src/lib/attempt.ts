import { useState } from 'react'

/** Does what somebody asked for, and keeps what was said against it until the next try. */
export function useAttempt() {
  const [fault, setFault] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    setBusy(true)
    setFault(undefined)
    try {
      await work()
    } catch (error) {
      setFault((error as Error).message)
    } finally {
      setBusy(false)
    }
  }
  return { attempt, fault, isBusy }
}

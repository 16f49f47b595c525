import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useAttempt } from '../lib/attempt.ts'
import { say } from '../lib/words.ts'
import { Fault } from './fault.tsx'

/** Long enough to be read, and gone before the next change. */
const shownMs = 4_000

/**
 * Saves something as it is changed, one change after the other, so that what was chosen last is what stays; the mark beside it
 * says so, or what was against it.
 */
export function useSaving(): { save: (work: () => Promise<unknown>) => void; mark: ReactNode; isBusy: boolean } {
  const { attempt, fault, isBusy } = useAttempt()
  const [isSaved, setSaved] = useState(false)
  const before = useRef<Promise<unknown>>(Promise.resolve())
  useEffect(() => {
    if (!isSaved) return
    const timer = setTimeout(() => setSaved(false), shownMs)
    return () => clearTimeout(timer)
  }, [isSaved])
  const save = (work: () => Promise<unknown>) => {
    setSaved(false)
    void attempt(async () => {
      const mine = before.current.then(work, work)
      before.current = mine
      await mine
      if (before.current === mine) setSaved(true)
    })
  }
  const mark = (
    <>
      <span role="status" className="text-ok">
        {isSaved && say('toast.saved')}
      </span>
      <Fault text={fault} />
    </>
  )
  return { save, mark, isBusy }
}

/** The same for one value: what was chosen is shown at once, and what is stored again if that fails. */
export function useSaved<T>(stored: T, store: (value: T) => Promise<unknown>) {
  const { save, mark, isBusy } = useSaving()
  const [wished, wish] = useState(stored)
  const change = (value: T) => {
    wish(() => value)
    save(() => store(value))
  }
  return { value: isBusy ? wished : stored, change, mark }
}

/** One thing that can be set, under its name; the mark stands beside it. */
export const Setting = ({ name, mark, children }: { name: string; mark: ReactNode; children: ReactNode }) => (
  <div className="grid grid-cols-1 gap-2">
    <div className="flex flex-wrap items-baseline justify-between gap-x-4">
      <p className="text-muted">{name}</p>
      {mark}
    </div>
    {children}
  </div>
)

import { AppError } from '@imagehost/contract'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useAttempt } from '../lib/attempt.ts'
import { client } from '../lib/client.ts'
import { say } from '../lib/words.ts'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { FormEnd } from './form-end.tsx'

/**
 * Does what needs the password once more, asking for it only when the server wants it. Put the dialog somewhere on the
 * screen.
 */
export function useConfirmed(): { run: (work: () => Promise<void>) => Promise<void>; dialog: ReactNode } {
  const [waiting, setWaiting] = useState<{ work: () => Promise<void> }>()

  async function run(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'confirmation_needed') throw error
      setWaiting({ work })
    }
  }
  const dialog = waiting && <Confirmation work={waiting.work} onClose={() => setWaiting(undefined)} />
  return { run, dialog }
}

function Confirmation({ work, onClose }: { work: () => Promise<void>; onClose: () => void }) {
  const { attempt, fault, isBusy } = useAttempt()
  function confirm(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    void attempt(async () => {
      await client.sessions.confirm({ body: { password } })
      await work()
      onClose()
    })
  }
  return (
    <Dialog title={say('confirm.title')} onClose={onClose}>
      <form onSubmit={confirm} className="grid gap-4">
        <Field
          label={say('settings.confirm')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <FormEnd action={say('settings.otpConfirm')} fault={fault} isBusy={isBusy} onCancel={onClose} />
      </form>
    </Dialog>
  )
}

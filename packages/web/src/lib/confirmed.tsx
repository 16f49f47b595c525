import { AppError } from '@imagehost/contract'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { client } from './client.ts'
import { say } from './words.ts'

/**
 * Does what needs the password once more, asking for it only when the server wants it. Put the dialog somewhere on the
 * screen.
 */
export function useConfirmed(): { run: (work: () => Promise<void>) => Promise<void>; dialog: ReactNode } {
  const element = useRef<HTMLDialogElement>(null)
  const waiting = useRef<() => Promise<void>>(undefined)
  const [fault, setFault] = useState<string>()

  async function run(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'confirmation_needed') throw error
      waiting.current = work
      setFault(undefined)
      element.current?.showModal()
    }
  }

  async function confirm(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    try {
      const password = String(new FormData(form).get('password'))
      await client.sessions.confirm({ body: { password } })
      element.current?.close()
      form.reset()
      await waiting.current?.()
    } catch (error) {
      setFault((error as Error).message)
    }
  }

  const dialog = (
    <dialog
      ref={element}
      aria-label={say('settings.confirm')}
      className="m-auto w-[min(100%,24rem)] rounded-dialog bg-raised p-6"
    >
      <form onSubmit={confirm} className="grid gap-4">
        <label className="grid gap-1">
          {say('settings.confirm')}
          <input name="password" type="password" className="field" autoComplete="current-password" required />
        </label>
        {fault && (
          <p role="alert" className="text-danger">
            {fault}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <button type="button" className="secondary" onClick={() => element.current?.close()}>
            {say('tray.cancel')}
          </button>
          <button type="submit" className="primary">
            {say('welcome.signIn')}
          </button>
        </div>
      </form>
    </dialog>
  )
  return { run, dialog }
}

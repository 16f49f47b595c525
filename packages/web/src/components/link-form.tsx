import type { FormEvent, ReactNode } from 'react'
import { useAttempt } from '../lib/attempt.ts'
import { promiseText } from '../lib/clipboard.ts'
import { say } from '../lib/words.ts'
import { Field } from './field.tsx'
import { FormEnd } from './form-end.tsx'
import { EndChoice, PasswordChoice, textOf } from './link-terms.tsx'
import { toast } from './toasts.tsx'

interface LinkFormProps<L> {
  /** Begun while the button is pressed, since browsers let it be copied no later. */
  make: (given: FormData) => Promise<L>
  onMade: (link: L, password: string) => void
  onCancel: () => void
  /** Beside when it ends. */
  limits: ReactNode
  /** Below. */
  children: ReactNode
}

/** The terms of a link that is given away; it is copied as it is made. */
export function LinkForm<L extends { url: string }>({ make, onMade, onCancel, limits, children }: LinkFormProps<L>) {
  const { attempt, fault, isBusy } = useAttempt()
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    void attempt(async () => {
      const made = make(given)
      const copied = promiseText(made.then(({ url }) => url))
      onMade(await made, textOf(given, 'password'))
      if (await copied) toast(say('toast.copied'))
    })
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-3 rounded-menu border border-line p-3">
      <Field label={say('links.name')} name="name" maxLength={200} autoComplete="off" />
      <div className="grid grid-cols-2 gap-3">
        <EndChoice />
        {limits}
      </div>
      <PasswordChoice />
      {children}
      <FormEnd action={say('links.make')} fault={fault} isBusy={isBusy} onCancel={onCancel} />
    </form>
  )
}

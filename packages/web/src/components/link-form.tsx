import type { FormEvent, ReactNode } from 'react'
import { useAttempt } from '../lib/attempt.ts'
import { promiseText } from '../lib/clipboard.ts'
import { type GivenLink, textOf } from '../lib/link-terms.ts'
import { say } from '../lib/words.ts'
import { Field } from './field.tsx'
import { FormEnd } from './form-end.tsx'
import { EndChoice, PasswordChoice } from './link-terms.tsx'
import { toast } from './toasts.tsx'

interface LinkFormProps<L> {
  /** The one that is changed; without it one is made. */
  link: L | undefined
  /** Begun while the button is pressed, since browsers let what is made be copied no later. */
  store: (given: FormData) => Promise<L>
  /** With the password that was given here, if one was. */
  onStored: (link: L, password: string) => void
  onCancel: () => void
  /** Beside when it ends. */
  limits: ReactNode
  /** Below. */
  children: ReactNode
}

/** The terms of a link that is given away; a new one is copied as it is made. */
export function LinkForm<L extends GivenLink>(props: LinkFormProps<L>) {
  const { link, store, onStored, onCancel, limits, children } = props
  const { attempt, fault, isBusy } = useAttempt()
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    void attempt(async () => {
      const stored = store(given)
      const copied = !link && promiseText(stored.then(({ url }) => url))
      onStored(await stored, textOf(given, 'password'))
      if (link) toast(say('toast.saved'))
      else if (await copied) toast(say('toast.copied'))
    })
  }
  return (
    <form onSubmit={submit} className={`grid grid-cols-1 gap-3 ${link ? '' : 'rounded-menu border border-line p-3'}`}>
      <Field label={say('links.name')} name="name" defaultValue={link?.name} maxLength={200} autoComplete="off" />
      <div className="pairs items-end">
        <EndChoice link={link} />
        {limits}
      </div>
      <PasswordChoice link={link} />
      {children}
      <FormEnd action={say(link ? 'albums.save' : 'links.make')} fault={fault} isBusy={isBusy} onCancel={onCancel} />
    </form>
  )
}

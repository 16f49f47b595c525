import type { FormEvent } from 'react'
import { Fault } from '../../components/fault.tsx'
import { Check, Field } from '../../components/field.tsx'
import { EndChoice, PasswordChoice, termsOfForm, textOf } from '../../components/link-terms.tsx'
import { toast } from '../../components/toasts.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { promiseText } from '../../lib/clipboard.ts'
import { type LimitedLink, makeLimitedLink } from '../../lib/limited-links.ts'
import type { Shareable } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'

interface NewLinkProps {
  of: Shareable
  onMade: (link: LimitedLink, password: string) => void
  onCancel: () => void
}

/** The terms of a limited link; it is copied as it is made. */
export function NewLink({ of, onMade, onCancel }: NewLinkProps) {
  const { attempt, fault, isBusy } = useAttempt()
  function make(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const views = textOf(given, 'views')
    void attempt(async () => {
      const made = makeLimitedLink(of, {
        ...termsOfForm(given),
        allow_download: given.has('download'),
        ...(views && { max_views: Number(views) }),
      })
      // Begun while the button is pressed; the browser allows it no later.
      const copied = promiseText(made.then(({ url }) => url))
      onMade(await made, textOf(given, 'password'))
      if (await copied) toast(say('toast.copied'))
    })
  }
  return (
    <form onSubmit={make} className="grid grid-cols-1 gap-3 rounded-menu border border-line p-3">
      <Field label={say('links.name')} name="name" maxLength={200} autoComplete="off" />
      <div className="grid grid-cols-2 gap-3">
        <EndChoice />
        <Field
          label={say('links.most')}
          name="views"
          type="number"
          min={1}
          max={1_000_000}
          placeholder={say('links.unlimited')}
        />
      </div>
      <PasswordChoice />
      <Check label={say('links.download')} name="download" defaultChecked />
      <Fault text={fault} />
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="secondary" onClick={onCancel}>
          {say('tray.cancel')}
        </button>
        <button type="submit" className="primary" disabled={isBusy}>
          {say('links.make')}
        </button>
      </div>
    </form>
  )
}

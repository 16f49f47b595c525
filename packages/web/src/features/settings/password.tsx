import type { FormEvent } from 'react'
import { useConfirmed } from '../../components/confirmed.tsx'
import { Field } from '../../components/field.tsx'
import { useSaving } from '../../components/saving.tsx'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'

export function Password() {
  const { run, dialog } = useConfirmed()
  const { save, mark } = useSaving()
  function change(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const body = { current: String(given.get('current')), new: String(given.get('new')) }
    save(() =>
      run(async () => {
        await client.accounts.changePassword({ body })
        form.reset()
      }),
    )
  }
  return (
    <>
      <p className="text-muted">{say('settings.passwordMeans')}</p>
      <form onSubmit={change} className="grid gap-3">
        <Field
          label={say('settings.currentPassword')}
          name="current"
          type="password"
          autoComplete="current-password"
          required
        />
        <Field label={say('settings.newPassword')} name="new" type="password" autoComplete="new-password" required />
        <div className="flex flex-wrap items-center gap-3">
          <button type="submit" className="secondary">
            {say('settings.change')}
          </button>
          {mark}
        </div>
      </form>
      {dialog}
    </>
  )
}

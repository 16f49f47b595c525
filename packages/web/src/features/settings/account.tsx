import type { FormEvent } from 'react'
import { Card } from '../../components/card.tsx'
import { useConfirmed } from '../../components/confirmed.tsx'
import { Fault } from '../../components/fault.tsx'
import { Field } from '../../components/field.tsx'
import { toast } from '../../components/toasts.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatBytes, formatNumber } from '../../lib/format.ts'
import { useUsage } from '../../lib/session.ts'
import { signedOut } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'

export function Account() {
  const usage = useUsage()
  const images = formatNumber(usage.data?.images ?? 0)
  return (
    <>
      <Card title={say('settings.password')}>
        <Password />
      </Card>
      <Card title={say('settings.usage')}>
        <p>{say('settings.usageLine', { images, size: formatBytes(usage.data?.bytes ?? 0) })}</p>
        <a href="/api/v1/me/export" download className="secondary justify-self-start">
          {say('settings.export')}
        </a>
      </Card>
      <Deletion images={images} />
    </>
  )
}

function Password() {
  const { run, dialog } = useConfirmed()
  const { attempt, fault, isBusy } = useAttempt()
  function change(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const body = { current: String(given.get('current')), new: String(given.get('new')) }
    void attempt(() =>
      run(async () => {
        await client.accounts.changePassword({ body })
        form.reset()
        toast(say('toast.saved'))
      }),
    )
  }
  return (
    <>
      <form onSubmit={change} className="grid gap-3">
        <Field
          label={say('settings.currentPassword')}
          name="current"
          type="password"
          autoComplete="current-password"
          required
        />
        <Field label={say('settings.newPassword')} name="new" type="password" autoComplete="new-password" required />
        <Fault text={fault} />
        <button type="submit" className="secondary justify-self-start" disabled={isBusy}>
          {say('settings.change')}
        </button>
      </form>
      {dialog}
    </>
  )
}

/** Last, and says what goes with it. */
function Deletion({ images }: { images: string }) {
  const { attempt, fault, isBusy } = useAttempt()
  function remove(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    void attempt(async () => {
      await client.sessions.confirm({ body: { password } })
      await client.accounts.delete({ body: { password } })
      signedOut()
    })
  }
  return (
    <section className="grid gap-3 rounded-menu bg-sunken p-4">
      <h2 className="text-[1rem] font-semibold">{say('settings.delete')}</h2>
      <p>{say('settings.deleteMeans', { images })}</p>
      <form onSubmit={remove} className="grid gap-3">
        <Field
          label={say('settings.confirm')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Fault text={fault} />
        <button type="submit" className="danger justify-self-start" disabled={isBusy}>
          {say('settings.delete')}
        </button>
      </form>
    </section>
  )
}

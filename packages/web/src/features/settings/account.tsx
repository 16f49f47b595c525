import { type FormEvent, useState } from 'react'
import { Card } from '../../components/card.tsx'
import { toast } from '../../components/toasts.tsx'
import { client } from '../../lib/client.ts'
import { useConfirmed } from '../../lib/confirmed.tsx'
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
  const [fault, setFault] = useState<string>()
  function change(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const body = { current: String(given.get('current')), new: String(given.get('new')) }
    setFault(undefined)
    run(async () => {
      await client.accounts.changePassword({ body })
      form.reset()
      toast(say('toast.saved'))
    }).catch((error: Error) => setFault(error.message))
  }
  return (
    <>
      <form onSubmit={change} className="grid gap-3">
        <label className="grid gap-1">
          <span className="meta">{say('settings.currentPassword')}</span>
          <input name="current" type="password" autoComplete="current-password" className="field" required />
        </label>
        <label className="grid gap-1">
          <span className="meta">{say('settings.newPassword')}</span>
          <input name="new" type="password" autoComplete="new-password" className="field" required />
        </label>
        {fault && (
          <p role="alert" className="text-danger">
            {fault}
          </p>
        )}
        <button type="submit" className="secondary justify-self-start">
          {say('settings.change')}
        </button>
      </form>
      {dialog}
    </>
  )
}

/** Last, and says what goes with it. */
function Deletion({ images }: { images: string }) {
  const [fault, setFault] = useState<string>()
  async function remove(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    try {
      await client.sessions.confirm({ body: { password } })
      await client.accounts.delete({ body: { password } })
      signedOut()
    } catch (error) {
      setFault((error as Error).message)
    }
  }
  return (
    <section className="grid gap-3 rounded-menu bg-sunken p-4">
      <h2 className="text-[16px] font-semibold">{say('settings.delete')}</h2>
      <p>{say('settings.deleteMeans', { images })}</p>
      <form onSubmit={remove} className="grid gap-3">
        <label className="grid gap-1">
          <span className="meta">{say('settings.confirm')}</span>
          <input name="password" type="password" autoComplete="current-password" className="field" required />
        </label>
        {fault && (
          <p role="alert" className="text-danger">
            {fault}
          </p>
        )}
        <button type="submit" className="danger justify-self-start">
          {say('settings.delete')}
        </button>
      </form>
    </section>
  )
}

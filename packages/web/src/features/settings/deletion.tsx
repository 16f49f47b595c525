import type { FormEvent } from 'react'
import { Fault } from '../../components/fault.tsx'
import { Field } from '../../components/field.tsx'
import { useAlbums } from '../../lib/albums.ts'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatBytes, formatNumber } from '../../lib/format.ts'
import { useUsage } from '../../lib/session.ts'
import { signedOut } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'

/** Last, and says what goes with it. */
export function Deletion() {
  const { data: usage } = useUsage()
  const { data: albums } = useAlbums()
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
      {usage && albums && (
        <p>
          {say('settings.deleteMeans', {
            images: formatNumber(usage.images),
            size: formatBytes(usage.bytes),
            albums: formatNumber(albums.length),
          })}
        </p>
      )}
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

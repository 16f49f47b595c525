import { type FormEvent, useState } from 'react'
import { Card } from '../../components/card.tsx'
import { CopyField } from '../../components/copy-field.tsx'
import { Fault } from '../../components/fault.tsx'
import { Choice, Field } from '../../components/field.tsx'
import { LoadError } from '../../components/load-error.tsx'
import { More } from '../../components/more.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatIn, formatNumber } from '../../lib/format.ts'
import { usePages } from '../../lib/pages.ts'
import { say } from '../../lib/words.ts'

const day = 86_400

/** Links by which accounts are made where they are not open to everybody. */
export function Invites() {
  const [made, setMade] = useState<string>()
  const { attempt, fault, isBusy } = useAttempt()
  const { query, items } = usePages(['admin', 'invites'], (at) => client.invites.list({ query: { limit: 50, ...at } }))
  function make(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const [note, seconds] = [String(given.get('note')), Number(given.get('seconds'))]
    const end = seconds > 0 && { expires_at: Math.floor(Date.now() / 1000) + seconds }
    void attempt(async () => {
      const { code } = await client.invites.create({
        body: { uses: Number(given.get('uses')), ...(note && { note }), ...end },
      })
      setMade(`${location.origin}/#invite=${code}`)
      form.reset()
      await query.refetch()
    })
  }
  const revoke = (invite: string) =>
    attempt(async () => {
      await client.invites.delete({ params: { invite } })
      await query.refetch()
    })
  if (query.isError) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  return (
    <Card title={say('admin.invites')}>
      {made && (
        <div role="status" className="rounded-control bg-sunken p-3">
          <CopyField key={made} label={say('admin.inviteOnce')} text={made} isFocused />
        </div>
      )}
      {items?.length === 0 && <p className="text-muted">{say('admin.noInvites')}</p>}
      <ul className="grid grid-cols-1 gap-3">
        {items?.map(({ id, note = say('admin.invite'), uses, used, expires_at: end }) => (
          <li key={id} className="flex items-center gap-3">
            <span className="min-w-0 flex-1">
              <span className="block wrap-anywhere">{note}</span>
              <span className="meta">
                {say('admin.inviteUsed', { used: formatNumber(used), uses: formatNumber(uses) })}
                {' · '}
                {end === undefined ? say('links.lasts') : say('links.ends', { when: formatIn(end) })}
              </span>
            </span>
            <button
              type="button"
              className="secondary"
              aria-label={`${say('links.revoke')}: ${note}`}
              onClick={() => void revoke(id)}
            >
              {say('links.revoke')}
            </button>
          </li>
        ))}
      </ul>
      <More of={query} />
      <form onSubmit={make} className="grid gap-3 border-t border-line pt-4 sm:grid-cols-3">
        <Field label={say('links.name')} name="note" maxLength={200} autoComplete="off" />
        <Field label={say('admin.uses')} name="uses" type="number" min={1} max={100_000} defaultValue={1} required />
        <Choice label={say('links.end')} name="seconds" defaultValue={7 * day}>
          <option value={day}>{say('links.day')}</option>
          <option value={7 * day}>{say('links.week')}</option>
          <option value={30 * day}>{say('links.month')}</option>
          <option value={0}>{say('links.never')}</option>
        </Choice>
        <button type="submit" className="primary justify-self-start" disabled={isBusy}>
          {say('admin.inviteMake')}
        </button>
      </form>
      <Fault text={fault} />
    </Card>
  )
}

import type { FormEvent } from 'react'
import { Card } from '../../components/card.tsx'
import { Fault } from '../../components/fault.tsx'
import { Field } from '../../components/field.tsx'
import { LoadError } from '../../components/load-error.tsx'
import { More } from '../../components/more.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatDate } from '../../lib/format.ts'
import { usePages } from '../../lib/pages.ts'
import { say } from '../../lib/words.ts'

/** Bytes that nobody may upload. */
export function Blocklist() {
  const { attempt, fault, isBusy } = useAttempt()
  const { query, items } = usePages(['admin', 'blocklist'], (at) =>
    client.blocklist.list({ query: { limit: 50, ...at } }),
  )
  function add(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const [sha256, reason] = [String(given.get('sha256')).trim().toLowerCase(), String(given.get('reason'))]
    void attempt(async () => {
      await client.blocklist.add({ body: { sha256, ...(reason && { reason }) } })
      form.reset()
      await query.refetch()
    })
  }
  const remove = (sha256: string) =>
    attempt(async () => {
      await client.blocklist.remove({ params: { sha256 } })
      await query.refetch()
    })
  if (query.isError) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  return (
    <Card title={say('admin.blocklist')}>
      <p className="text-muted">{say('admin.blocklistMeans')}</p>
      {items?.length === 0 && <p className="text-muted">{say('admin.noBlocked')}</p>}
      <ul className="grid grid-cols-1 gap-3">
        {items?.map(({ sha256, reason, created_at }) => (
          <li key={sha256} className="flex items-center gap-3">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-mono text-[0.75rem]" title={sha256}>
                {sha256}
              </span>
              <span className="meta">{[formatDate(created_at), ...(reason ? [reason] : [])].join(' · ')}</span>
            </span>
            <button
              type="button"
              className="secondary"
              aria-label={`${say('admin.unblock')}: ${sha256.slice(0, 8)}`}
              onClick={() => void remove(sha256)}
            >
              {say('admin.unblock')}
            </button>
          </li>
        ))}
      </ul>
      <More of={query} />
      <form onSubmit={add} className="grid gap-3 border-t border-line pt-4">
        <Field
          label={say('admin.sha256')}
          hint={say('admin.sha256Hint')}
          name="sha256"
          className="font-mono"
          required
          pattern="\s*[0-9a-fA-F]{64}\s*"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Field label={say('admin.why')} name="reason" maxLength={300} />
        <button type="submit" className="primary justify-self-start" disabled={isBusy}>
          {say('admin.block')}
        </button>
      </form>
      <Fault text={fault} />
    </Card>
  )
}

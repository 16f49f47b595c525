import { type FormEvent, useState } from 'react'
import { Card } from '../../components/card.tsx'
import { Fault } from '../../components/fault.tsx'
import { Field } from '../../components/field.tsx'
import { LoadError } from '../../components/load-error.tsx'
import { More } from '../../components/more.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { usePages } from '../../lib/pages.ts'
import { say } from '../../lib/words.ts'
import { Entry } from './audit-entry.tsx'
import { type AuditFilters, downloadAudit } from './audit-file.ts'

/** What was done to accounts, access and administration. */
export function Audit() {
  const [filters, setFilters] = useState<AuditFilters>({})
  const { attempt, fault, isBusy } = useAttempt()
  const { query, items } = usePages(['admin', 'audit', filters], (at) =>
    client.audit.list({ query: { limit: 50, ...filters, ...at } }),
  )
  function filter(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const text = (name: string) => String(given.get(name) ?? '').trim()
    const seconds = (name: string, add = 0) => Date.parse(`${text(name)}T00:00`) / 1000 + add
    setFilters({
      ...(text('action') && { action: text('action') }),
      ...(text('actor') && { actor: text('actor') }),
      ...(text('from') && { from: seconds('from') }),
      // The day that is named is in it, whole.
      ...(text('to') && { to: seconds('to', 86_400) }),
    })
  }
  if (query.isError) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  return (
    <Card title={say('admin.audit')}>
      <form onSubmit={filter} className="grid gap-3 sm:grid-cols-2">
        <Field
          label={say('audit.action')}
          name="action"
          placeholder="session.create"
          pattern="[a-z_.\-]{1,60}"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Field label={say('audit.actor')} name="actor" maxLength={256} autoCapitalize="none" spellCheck={false} />
        <Field label={say('audit.from')} name="from" type="date" />
        <Field label={say('audit.to')} name="to" type="date" />
        <div className="flex flex-wrap gap-2 sm:col-span-2">
          <button type="submit" className="primary">
            {say('audit.filter')}
          </button>
          <button
            type="button"
            className="secondary"
            disabled={isBusy}
            onClick={() => void attempt(() => downloadAudit(filters))}
          >
            {say('audit.download')}
          </button>
        </div>
      </form>
      <Fault text={fault} />
      {items?.length === 0 && !query.hasNextPage && <p className="text-muted">{say('audit.none')}</p>}
      <ul className="grid grid-cols-1">
        {items?.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      <More of={query} />
    </Card>
  )
}

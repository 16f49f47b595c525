import type { client } from '../../lib/client.ts'
import { formatMoment } from '../../lib/format.ts'

type AuditEntry = Awaited<ReturnType<typeof client.audit.list>>['items'][number]

/** Who did what, when, from where, to what. */
export function Entry({ entry: { at, action, actor, username, address, target, details } }: { entry: AuditEntry }) {
  const facts = [
    username ?? actor,
    address,
    target,
    ...Object.entries(details ?? {}).map(([name, value]) => `${name}: ${value}`),
  ].filter((fact) => fact !== undefined)
  return (
    <li className="grid gap-x-4 border-t border-line py-2 sm:grid-cols-[9rem_minmax(0,1fr)]">
      <time dateTime={new Date(at * 1000).toISOString()} className="meta self-center">
        {formatMoment(at)}
      </time>
      <span className="min-w-0">
        <span className="font-mono text-[0.875rem]">{action}</span>
        <span className="meta block wrap-anywhere">{facts.join(' · ')}</span>
      </span>
    </li>
  )
}

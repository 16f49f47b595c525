import { useState } from 'react'
import { LoadError } from '../../components/load-error.tsx'
import { More } from '../../components/more.tsx'
import { Segments } from '../../components/segments.tsx'
import { client } from '../../lib/client.ts'
import { usePages } from '../../lib/pages.ts'
import { say } from '../../lib/words.ts'
import { ReportCard } from './report-card.tsx'

const states = ['open', 'resolved'] as const

/** What people say is wrong with images. */
export function Reports() {
  const [status, setStatus] = useState<(typeof states)[number]>('open')
  const { query, items } = usePages(['admin', 'reports', status], (at) =>
    client.reports.list({ query: { status, limit: 20, ...at } }),
  )
  if (query.isError) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  return (
    <>
      <Segments
        label={say('admin.reports')}
        name="report-status"
        value={status}
        options={states.map((value) => ({ value, label: say(`report.${value}`) }))}
        onChange={setStatus}
      />
      {items?.length === 0 && <p className="text-muted">{say(`report.none-${status}`)}</p>}
      <ul className="grid grid-cols-1 gap-4">
        {items?.map((report) => (
          <li key={report.id}>
            <ReportCard report={report} />
          </li>
        ))}
      </ul>
      <More of={query} />
    </>
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { LoadError } from '../../components/load-error.tsx'
import { More } from '../../components/more.tsx'
import { Segments } from '../../components/segments.tsx'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'
import { ReportCard } from './report-card.tsx'

const states = ['open', 'resolved'] as const

/** What people say is wrong with images. */
export function Reports() {
  const [status, setStatus] = useState<(typeof states)[number]>('open')
  const reports = useInfiniteQuery({
    queryKey: ['admin', 'reports', status],
    queryFn: ({ pageParam }) =>
      client.reports.list({ query: { status, limit: 20, ...(pageParam && { cursor: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
  if (reports.isError) return <LoadError onRetry={() => void reports.refetch()} />
  const items = reports.data?.pages.flatMap((page) => page.items)
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
      <More of={reports} />
    </>
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { LoadError } from '../../components/load-error.tsx'
import { Question } from '../../components/question.tsx'
import { client } from '../../lib/client.ts'
import { refreshImages, useUsage } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

const daySeconds = 86_400

export default function Trash() {
  const trash = useInfiniteQuery({
    queryKey: ['trash'],
    queryFn: ({ pageParam }) => client.trash.list({ query: { limit: 100, ...(pageParam && { cursor: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
  if (trash.isPending) return null
  if (trash.isError) return <LoadError onRetry={() => void trash.refetch()} />
  const items = trash.data.pages.flatMap((page) => page.items)
  const restore = async (id: string) => {
    await client.trash.restore({ params: { id } })
    refreshImages()
  }
  return (
    <div className="grid gap-6 p-4 sm:p-6">
      <header className="flex flex-wrap items-center gap-4">
        <h1 className="screen-title flex-1">{say('trash.title')}</h1>
        {items.length > 0 && <EmptyIt count={`${items.length}${trash.hasNextPage ? '+' : ''}`} />}
      </header>
      {items.length === 0 && <p className="text-muted">{say('trash.empty')}</p>}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(160px,1fr))] gap-4">
        {items.map(({ id, title, original_filename: name, filename, purged_at, color }) => (
          <li key={id} className="card grid gap-2">
            <div className="aspect-square rounded-tile" style={{ background: color }} />
            <p className="truncate">{title ?? name ?? filename}</p>
            <p className="meta">
              {say('trash.gone', { days: Math.max(0, Math.ceil((purged_at - Date.now() / 1000) / daySeconds)) })}
            </p>
            <button type="button" className="secondary" onClick={() => void restore(id)}>
              {say('trash.restore')}
            </button>
          </li>
        ))}
      </ul>
      {trash.hasNextPage && (
        <button type="button" className="secondary justify-self-center" onClick={() => void trash.fetchNextPage()}>
          {say('viewer.next')}
        </button>
      )}
    </div>
  )
}

function EmptyIt({ count }: { count: string }) {
  const [isAsked, ask] = useState(false)
  const usage = useUsage()
  const empty = async () => {
    // Each call takes some hundred, and says when nothing is left.
    while (!(await client.trash.empty()).is_empty);
    refreshImages()
    void usage.refetch()
  }
  return (
    <>
      <button type="button" className="danger" onClick={() => ask(true)}>
        {say('trash.emptyIt')}
      </button>
      {isAsked && (
        <Question
          action={say('trash.emptyIt')}
          text={say('trash.ask', { count })}
          onYes={empty}
          onClose={() => ask(false)}
        />
      )}
    </>
  )
}

import { useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { usePlaceholder } from '../../components/grid/placeholder.ts'
import { LoadError } from '../../components/load-error.tsx'
import { More } from '../../components/more.tsx'
import { Pending } from '../../components/pending.tsx'
import { Question } from '../../components/question.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatIn, formatNumber } from '../../lib/format.ts'
import { usePages } from '../../lib/pages.ts'
import { refreshImages } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

type Trashed = Awaited<ReturnType<typeof client.trash.list>>['items'][number]

/** What was deleted, for as long as it can come back. */
export default function Trash() {
  const { query, items } = usePages(['trash'], (at) => client.trash.list({ query: { limit: 100, ...at } }))
  if (query.isError) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  if (!items) return <Pending />
  return (
    <div className="grid grid-cols-1 gap-6 p-4 sm:p-6">
      <header className="flex flex-wrap items-center gap-4">
        <h1 className="screen-title flex-1">{say('trash.title')}</h1>
        {items.length > 0 && <EmptyIt count={`${formatNumber(items.length)}${query.hasNextPage ? '+' : ''}`} />}
      </header>
      {items.length === 0 && (
        <p className="rounded-dialog border-2 border-dashed border-edge p-12 text-center text-muted">
          {say('trash.empty')}
        </p>
      )}
      <ul className="grid grid-cols-2 gap-x-3 gap-y-5 sm:grid-cols-[repeat(auto-fill,minmax(200px,1fr))]">
        {items.map((image) => (
          <Tile key={image.id} image={image} />
        ))}
      </ul>
      <More of={query} />
    </div>
  )
}

/** Its bytes are out of reach for everybody, so its sketch stands for it. */
function Tile({ image }: { image: Trashed }) {
  const { id, title, original_filename, filename, trashed_at, purged_at, thumbhash = '', color } = image
  const placeholder = usePlaceholder(thumbhash, false)
  const { attempt, fault, isBusy } = useAttempt()
  const name = title ?? original_filename ?? filename
  const restore = () =>
    attempt(async () => {
      await client.trash.restore({ params: { id } })
      refreshImages()
    })
  return (
    <li className="grid min-w-0 content-start gap-1">
      <div
        className="aspect-[4/3] rounded-tile bg-sunken"
        style={{ backgroundColor: color, backgroundSize: '100% 100%', ...placeholder }}
      />
      <p className="name mt-1">{name}</p>
      <p className="meta">{say('trash.gone', { when: formatIn(trashed_at), end: formatIn(purged_at) })}</p>
      <Fault text={fault} />
      <button
        type="button"
        className="secondary mt-1 justify-self-start"
        aria-label={`${say('trash.restore')}: ${name}`}
        disabled={isBusy}
        onClick={() => void restore()}
      >
        {say('trash.restore')}
      </button>
    </li>
  )
}

function EmptyIt({ count }: { count: string }) {
  const [isAsked, ask] = useState(false)
  const empty = async () => {
    // Each call takes some hundred, and says when nothing is left.
    while (!(await client.trash.empty()).is_empty);
    refreshImages()
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

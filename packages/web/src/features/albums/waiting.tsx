import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { Question } from '../../components/question.tsx'
import { refreshAlbums } from '../../lib/albums.ts'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatNumber } from '../../lib/format.ts'
import { refreshImages } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

/** As many as one call takes. */
const batch = 200

/** What guests have put in and nobody else sees yet. */
export function Waiting({ album }: { album: string }) {
  const params = { album }
  const held = useQuery({ queryKey: ['album', album, 'held'], queryFn: () => client.albums.held({ params }) })
  const [refused, refuse] = useState<readonly string[]>()
  const { attempt, fault, isBusy } = useAttempt()
  const items = held.data?.items ?? []
  if (items.length === 0) return null
  const decide = async (body: { approve: string[] } | { reject: string[] }) => {
    await client.albums.decide({ params, body })
    await held.refetch()
    refreshAlbums()
    refreshImages()
  }
  const approve = (ids: readonly string[]) => void attempt(() => decide({ approve: ids.slice(0, batch) }))
  const all = items.map(({ id }) => id)
  const count = formatNumber(items.length)
  return (
    <section aria-label={say('held.title', { count })} className="card mb-6 grid grid-cols-1 gap-3">
      <header className="flex flex-wrap items-center gap-2">
        <h2 className="flex-1 basis-full text-[1rem] font-semibold sm:basis-0">{say('held.title', { count })}</h2>
        <button type="button" className="secondary text-danger" onClick={() => refuse(all)}>
          {say('held.refuseAll')}
        </button>
        <button type="button" className="primary" disabled={isBusy} onClick={() => approve(all)}>
          {say('held.approveAll')}
        </button>
      </header>
      <Fault text={fault} />
      <ul className="flex gap-3 overflow-x-auto pb-2">
        {items.map(({ id, original_filename: name, filename }) => (
          <li key={id} className="grid w-40 shrink-0 gap-2">
            <img
              src={`/i/${id}?preset=small`}
              alt={name ?? filename}
              className="aspect-[4/3] w-full rounded-tile bg-sunken object-cover"
            />
            <div className="flex gap-2">
              <button
                type="button"
                className="secondary flex-1 px-2"
                aria-label={`${say('held.approve')}: ${name ?? filename}`}
                disabled={isBusy}
                onClick={() => approve([id])}
              >
                {say('held.approve')}
              </button>
              <button
                type="button"
                className="secondary flex-1 px-2 text-danger"
                aria-label={`${say('held.refuse')}: ${name ?? filename}`}
                onClick={() => refuse([id])}
              >
                {say('held.refuse')}
              </button>
            </div>
          </li>
        ))}
      </ul>
      {refused && (
        <Question
          action={say('held.refuse')}
          text={say('held.refuseMeans', { count: formatNumber(refused.length) })}
          onYes={() => decide({ reject: refused.slice(0, batch) })}
          onClose={() => refuse(undefined)}
        />
      )}
    </section>
  )
}

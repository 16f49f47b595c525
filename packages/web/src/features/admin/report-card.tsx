import { useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { Question } from '../../components/question.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatIn, formatNumber } from '../../lib/format.ts'
import { queries } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

type Report = Awaited<ReturnType<typeof client.reports.list>>['items'][number]
type Action = Parameters<typeof client.reports.resolve>[0]['body']['action']

/** The picture, what is said of it, and what may be done. */
export function ReportCard({ report }: { report: Report }) {
  const { id, image_id, image, reason, message, email, network, created_at, status, outcome, resolved_at } = report
  const [asked, ask] = useState<'delete' | 'block'>()
  const { attempt, fault } = useAttempt()
  const resolve = async (action: Action) => {
    await client.reports.resolve({ params: { rid: id }, body: { action } })
    await queries.invalidateQueries({ queryKey: ['admin', 'reports'] })
  }
  const facts = [
    formatIn(created_at),
    network,
    ...(image && image.open_reports > 1 ? [say('report.count', { count: formatNumber(image.open_reports) })] : []),
  ]
  const quick: readonly Action[] = image
    ? image.hidden_at === undefined
      ? ['hide', 'dismiss']
      : ['restore']
    : ['dismiss']
  return (
    <article aria-label={say(`report.${reason}`)} className="card grid gap-4 sm:grid-cols-[160px_minmax(0,1fr)]">
      {image ? (
        <a href={`/v/${image_id}`} target="_blank" rel="noreferrer" aria-label={image.filename}>
          <img
            src={`/i/${image_id}?preset=small`}
            alt=""
            className="aspect-square w-full rounded-tile bg-sunken object-cover max-sm:aspect-video"
          />
        </a>
      ) : (
        <p className="grid aspect-square place-items-center rounded-tile bg-sunken text-muted max-sm:aspect-video">
          {say('report.gone')}
        </p>
      )}
      <div className="grid content-start gap-2">
        <h2 className="text-[1rem] font-semibold">{say(`report.${reason}`)}</h2>
        {message && <p className="wrap-anywhere whitespace-pre-wrap">{message}</p>}
        <p className="meta wrap-anywhere">{facts.join(' · ')}</p>
        {email && <p className="meta wrap-anywhere">{say('report.from', { email })}</p>}
        {image && (
          <p className="meta wrap-anywhere">
            {say('report.of', { name: image.filename, user: image.username ?? image.owner_uid })}
          </p>
        )}
        {outcome && resolved_at !== undefined && (
          <p>
            {say(`report.did-${outcome}`)} <span className="meta">{formatIn(resolved_at)}</span>
          </p>
        )}
        <Fault text={fault} />
        <div className="flex flex-wrap gap-2">
          {(status === 'open' || quick.includes('restore')) &&
            quick.map((action) => (
              <button
                key={action}
                type="button"
                className="secondary"
                onClick={() => void attempt(() => resolve(action))}
              >
                {say(`report.do-${action}`)}
              </button>
            ))}
          {image &&
            status === 'open' &&
            (['delete', 'block'] as const).map((action) => (
              <button key={action} type="button" className="secondary text-danger" onClick={() => ask(action)}>
                {say(`report.do-${action}`)}
              </button>
            ))}
        </div>
      </div>
      {asked && (
        <Question
          action={say(`report.do-${asked}`)}
          text={say(`report.ask-${asked}`, { name: image?.filename ?? '' })}
          onYes={() => resolve(asked)}
          onClose={() => ask(undefined)}
        />
      )}
    </article>
  )
}

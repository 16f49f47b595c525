import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../lib/client.ts'
import { copyText } from '../../lib/clipboard.ts'
import { formatDate } from '../../lib/format.ts'
import { queries } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'
import { toast } from '../toasts.tsx'

const hour = 3_600
const lifetimes = [
  { seconds: hour, word: 'links.hour' },
  { seconds: 24 * hour, word: 'links.day' },
  { seconds: 7 * 24 * hour, word: 'links.week' },
  { seconds: 30 * 24 * hour, word: 'links.month' },
  { seconds: 0, word: 'links.never' },
] as const

/** Links that end: by time, by how often they are opened, or when they are taken back. */
export function LimitedLinks({ id }: { id: string }) {
  const queryKey = ['shares', id]
  const links = useQuery({ queryKey, queryFn: () => client.shares.list({ params: { id } }) })
  const [fault, setFault] = useState<string>()
  const refresh = () => Promise.all([links.refetch(), queries.invalidateQueries({ queryKey: ['all-shares'] })])

  async function make(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const [name, password] = [String(given.get('name')), String(given.get('password'))]
    const [seconds, views] = [Number(given.get('seconds')), Number(given.get('views'))]
    try {
      const { url } = await client.shares.create({
        params: { id },
        body: {
          allow_download: given.get('download') === 'on',
          ...(name && { name }),
          ...(password && { password }),
          ...(seconds > 0 && { expires_at: Math.floor(Date.now() / 1000) + seconds }),
          ...(views > 0 && { max_views: views }),
        },
      })
      form.reset()
      setFault(undefined)
      toast((await copyText(url)) ? say('toast.copied') : say('copy.failed'))
      await refresh()
    } catch (error) {
      setFault((error as Error).message)
    }
  }

  const revoke = async (slug: string) => {
    await client.shares.delete({ params: { slug } })
    await refresh()
  }

  return (
    <details className="grid gap-3">
      <summary className="cursor-pointer font-semibold">{say('links.title')}</summary>
      <ul className="mt-3 grid grid-cols-1 gap-2">
        {links.data?.items.map(({ slug, url, name, expires_at: end, views, max_views: most }) => (
          <li key={slug} className="grid grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-2">
            <span>
              <span className="block truncate">{name ?? say('links.unnamed')}</span>
              <span className="meta">
                {end === undefined ? say('links.lasts') : say('links.ends', { date: formatDate(end) })}
                {' · '}
                {most === undefined ? say('links.views', { views }) : say('links.viewsOf', { views, most })}
              </span>
            </span>
            <button
              type="button"
              className="secondary"
              onClick={async () => toast((await copyText(url)) ? say('toast.copied') : say('copy.failed'))}
            >
              {say('copy.copy')}
            </button>
            <button type="button" className="secondary" onClick={() => void revoke(slug)}>
              {say('settings.keyRevoke')}
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={make} className="mt-3 grid grid-cols-1 gap-3">
        <label className="grid gap-1">
          <span className="meta">{say('links.name')}</span>
          <input name="name" className="field" maxLength={200} />
        </label>
        <div className="grid grid-cols-2 gap-3">
          <label className="grid gap-1">
            <span className="meta">{say('links.end')}</span>
            <select name="seconds" className="field" defaultValue={7 * 24 * hour}>
              {lifetimes.map(({ seconds, word }) => (
                <option key={seconds} value={seconds}>
                  {say(word)}
                </option>
              ))}
            </select>
          </label>
          <label className="grid gap-1">
            <span className="meta">{say('links.most')}</span>
            <input
              name="views"
              className="field"
              type="number"
              min={1}
              max={1_000_000}
              placeholder={say('links.unlimited')}
            />
          </label>
        </div>
        <label className="grid gap-1">
          <span className="meta">{say('links.password')}</span>
          <input name="password" className="field" autoComplete="off" />
        </label>
        <label className="flex items-center gap-3">
          <input name="download" type="checkbox" className="size-5 accent-(--accent)" defaultChecked />
          {say('links.download')}
        </label>
        {fault && (
          <p role="alert" className="text-danger">
            {fault}
          </p>
        )}
        <button type="submit" className="primary">
          {say('links.make')}
        </button>
      </form>
    </details>
  )
}

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useConfirmed } from '../../components/confirmed.tsx'
import { Fault } from '../../components/fault.tsx'
import { Choice, Field } from '../../components/field.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatIn } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'
import { MadeKey } from './made-key.tsx'

const scopesOf = {
  upload: ['upload'],
  all: ['images:read', 'images:write', 'images:delete'],
} as const

const day = 86_400

export function Keys() {
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => client.keys.list() })
  const { run, dialog } = useConfirmed()
  const { attempt, fault, isBusy } = useAttempt()
  const [made, setMade] = useState<string>()

  function make(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const [name, seconds] = [String(given.get('name')), Number(given.get('seconds'))]
    const scopes = [...scopesOf[given.get('scope') === 'all' ? 'all' : 'upload']]
    const end = seconds > 0 && { expires_at: Math.floor(Date.now() / 1000) + seconds }
    void attempt(() =>
      run(async () => {
        const { key } = await client.keys.create({ body: { name, scopes, ...end } })
        setMade(key)
        form.reset()
        await keys.refetch()
      }),
    )
  }

  const revoke = (kid: string) =>
    attempt(() =>
      run(async () => {
        await client.keys.delete({ params: { kid } })
        await keys.refetch()
      }),
    )

  return (
    <>
      {made && <MadeKey key={made} apiKey={made} />}
      <ul className="grid grid-cols-1 gap-3 empty:hidden">
        {keys.data?.items.map(({ id, name, kind, last_used_at: used, expires_at: end }) => {
          const title = name ?? say(kind === 'legacy' ? 'settings.keyLegacy' : 'settings.keyLogin')
          const facts = [
            used === undefined ? say('settings.keyUnused') : say('settings.keyUsed', { when: formatIn(used) }),
            ...(end === undefined ? [] : [say('links.ends', { when: formatIn(end) })]),
          ]
          return (
            <li key={id} className="flex flex-wrap items-center gap-3">
              <span className="min-w-0 flex-1 basis-32">
                <span className="block wrap-anywhere">{title}</span>
                <span className="meta">{facts.join(' · ')}</span>
              </span>
              <button
                type="button"
                className="secondary"
                aria-label={`${say('links.revoke')}: ${title}`}
                onClick={() => void revoke(id)}
              >
                {say('links.revoke')}
              </button>
            </li>
          )
        })}
      </ul>
      <form onSubmit={make} className="grid gap-3 border-t border-line pt-4 sm:grid-cols-2">
        <Field label={say('settings.keyName')} name="name" required maxLength={100} />
        <Choice label={say('settings.keyScope')} name="scope">
          <option value="upload">{say('settings.keyUpload')}</option>
          <option value="all">{say('settings.keyAll')}</option>
        </Choice>
        <Choice label={say('links.end')} name="seconds">
          <option value={0}>{say('links.never')}</option>
          <option value={30 * day}>{say('links.month')}</option>
          <option value={365 * day}>{say('settings.keyYear')}</option>
        </Choice>
        <button type="submit" className="primary self-end justify-self-start" disabled={isBusy}>
          {say('settings.keyMake')}
        </button>
      </form>
      <Fault text={fault} />
      {dialog}
    </>
  )
}

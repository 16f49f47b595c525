import { type FormEvent, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { Check, Choice, Field } from '../../components/field.tsx'
import { toast } from '../../components/toasts.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { promiseText } from '../../lib/clipboard.ts'
import { type LimitedLink, type LinkTerms, makeLimitedLink } from '../../lib/limited-links.ts'
import { proposePassword } from '../../lib/passphrase.ts'
import type { Shareable } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'

const hour = 3_600
const lifetimes = [
  { value: hour, word: 'links.hour' },
  { value: 24 * hour, word: 'links.day' },
  { value: 7 * 24 * hour, word: 'links.week' },
  { value: 30 * 24 * hour, word: 'links.month' },
  { value: 'never', word: 'links.never' },
  { value: 'date', word: 'links.date' },
] as const

interface NewLinkProps {
  of: Shareable
  onMade: (link: LimitedLink, password: string) => void
  onCancel: () => void
}

/** The terms of a limited link; it is copied as it is made. */
export function NewLink({ of, onMade, onCancel }: NewLinkProps) {
  const { attempt, fault, isBusy } = useAttempt()
  const [ends, setEnds] = useState(String(7 * 24 * hour))
  const [password, setPassword] = useState<string>()
  function make(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    void attempt(async () => {
      const made = makeLimitedLink(of, termsFrom(given))
      // Begun while the button is pressed; the browser allows it no later.
      const copied = promiseText(made.then(({ url }) => url))
      onMade(await made, password ?? '')
      if (await copied) toast(say('toast.copied'))
    })
  }
  return (
    <form onSubmit={make} className="grid grid-cols-1 gap-3 rounded-menu border border-line p-3">
      <Field label={say('links.name')} name="name" maxLength={200} autoComplete="off" />
      <div className="grid grid-cols-2 gap-3">
        <Choice label={say('links.end')} name="ends" value={ends} onChange={({ target }) => setEnds(target.value)}>
          {lifetimes.map(({ value, word }) => (
            <option key={value} value={value}>
              {say(word)}
            </option>
          ))}
        </Choice>
        <Field
          label={say('links.most')}
          name="views"
          type="number"
          min={1}
          max={1_000_000}
          placeholder={say('links.unlimited')}
        />
      </div>
      {ends === 'date' && <Field label={say('links.dateOf')} name="date" type="datetime-local" required />}
      <Check
        label={say('welcome.password')}
        checked={password !== undefined}
        onChange={({ target }) => setPassword(target.checked ? proposePassword() : undefined)}
      />
      {password !== undefined && (
        <Field
          label={say('links.password')}
          name="password"
          className="font-mono"
          value={password}
          onChange={({ target }) => setPassword(target.value)}
          required
          maxLength={1024}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
      <Check label={say('links.download')} name="download" defaultChecked />
      <Fault text={fault} />
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="secondary" onClick={onCancel}>
          {say('tray.cancel')}
        </button>
        <button type="submit" className="primary" disabled={isBusy}>
          {say('links.make')}
        </button>
      </div>
    </form>
  )
}

function termsFrom(given: FormData): LinkTerms {
  const text = (name: string) => String(given.get(name) ?? '').trim()
  const end = endFrom(text('ends'), text('date'))
  return {
    allow_download: given.has('download'),
    ...(text('name') && { name: text('name') }),
    ...(text('password') && { password: text('password') }),
    ...(text('views') && { max_views: Number(text('views')) }),
    ...(end !== undefined && { expires_at: Math.floor(end / 1000) }),
  }
}

/** Milliseconds; undefined: never. */
function endFrom(ends: string, date: string): number | undefined {
  if (ends === 'never') return undefined
  return ends === 'date' ? Date.parse(date) : Date.now() + Number(ends) * 1000
}

import { useState } from 'react'
import { formatIn } from '../lib/format.ts'
import { type GivenLink, localMoment } from '../lib/link-terms.ts'
import { proposePassword } from '../lib/passphrase.ts'
import { say } from '../lib/words.ts'
import { Check, Choice, Field } from './field.tsx'

const hour = 3_600
const week = 7 * 24 * hour
const lifetimes = [
  { value: hour, word: 'links.hour' },
  { value: 24 * hour, word: 'links.day' },
  { value: week, word: 'links.week' },
  { value: 30 * 24 * hour, word: 'links.month' },
  { value: 'never', word: 'links.never' },
  { value: 'date', word: 'links.date' },
] as const

interface OfLink {
  /** The one that is changed. */
  link: GivenLink | undefined
}

/** When a link ends: after a time, on a date, never, or when it does now. */
export function EndChoice({ link }: OfLink) {
  const end = link?.expires_at
  const [ends, setEnds] = useState(() => (link ? (end === undefined ? 'never' : 'kept') : String(week)))
  return (
    <>
      <Choice label={say('links.end')} name="ends" value={ends} onChange={({ target }) => setEnds(target.value)}>
        {end !== undefined && <option value="kept">{say('links.kept', { when: formatIn(end) })}</option>}
        {lifetimes.map(({ value, word }) => (
          <option key={value} value={value}>
            {say(word)}
          </option>
        ))}
      </Choice>
      {ends === 'date' && (
        <Field
          label={say('links.dateOf')}
          name="date"
          type="datetime-local"
          defaultValue={end !== undefined ? localMoment(end) : undefined}
          required
        />
      )}
    </>
  )
}

/** None, the one that it has, or one that is proposed and may be changed. */
export function PasswordChoice({ link }: OfLink) {
  const hasOne = link?.has_password ?? false
  const [isLocked, lock] = useState(hasOne)
  const [password, setPassword] = useState<string>()
  const propose = () => setPassword(proposePassword())
  function change(isWanted: boolean): void {
    lock(isWanted)
    if (isWanted && !hasOne) propose()
    else setPassword(undefined)
  }
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Check
          label={say('welcome.password')}
          name="locked"
          checked={isLocked}
          onChange={({ target }) => change(target.checked)}
        />
        {isLocked && password === undefined && (
          <button type="button" className="secondary" onClick={propose}>
            {say('links.anotherPassword')}
          </button>
        )}
      </div>
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
    </>
  )
}

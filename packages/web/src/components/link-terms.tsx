import { useState } from 'react'
import { proposePassword } from '../lib/passphrase.ts'
import { say } from '../lib/words.ts'
import { Check, Choice, Field } from './field.tsx'

const hour = 3_600
const lifetimes = [
  { value: hour, word: 'links.hour' },
  { value: 24 * hour, word: 'links.day' },
  { value: 7 * 24 * hour, word: 'links.week' },
  { value: 30 * 24 * hour, word: 'links.month' },
  { value: 'never', word: 'links.never' },
  { value: 'date', word: 'links.date' },
] as const

/** When a link ends: after a time, on a date, or never. */
export function EndChoice() {
  const [ends, setEnds] = useState(String(7 * 24 * hour))
  return (
    <>
      <Choice label={say('links.end')} name="ends" value={ends} onChange={({ target }) => setEnds(target.value)}>
        {lifetimes.map(({ value, word }) => (
          <option key={value} value={value}>
            {say(word)}
          </option>
        ))}
      </Choice>
      {ends === 'date' && <Field label={say('links.dateOf')} name="date" type="datetime-local" required />}
    </>
  )
}

/** None, or one that is proposed and may be changed. */
export function PasswordChoice() {
  const [password, setPassword] = useState<string>()
  return (
    <>
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
    </>
  )
}

/** What was chosen, and the name that stands beside it, as the API takes it. */
export function termsOfForm(given: FormData) {
  const name = textOf(given, 'name')
  const password = textOf(given, 'password')
  const end = endFrom(textOf(given, 'ends'), textOf(given, 'date'))
  return {
    ...(name && { name }),
    ...(password && { password }),
    ...(end !== undefined && { expires_at: Math.floor(end / 1000) }),
  }
}

export const textOf = (given: FormData, name: string): string => String(given.get(name) ?? '').trim()

/** Milliseconds; undefined: never. */
function endFrom(ends: string, date: string): number | undefined {
  if (ends === 'never') return undefined
  return ends === 'date' ? Date.parse(date) : Date.now() + Number(ends) * 1000
}

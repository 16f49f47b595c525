import { formatDate } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'

const daySeconds = 86_400
const spans = [
  ['links.day', 1],
  ['links.week', 7],
  ['links.month', 30],
] as const

interface ExpiryProps {
  /** Unix seconds. */
  until: number | undefined
  /** null: it stays. */
  onChange: (until: number | null) => void
}

/** Until when a picture exists. */
export function Expiry({ until, onChange }: ExpiryProps) {
  return (
    <label className="grid gap-1">
      <span className="meta">{say('viewer.expiry')}</span>
      <select
        className="field"
        value={until === undefined ? '' : 'set'}
        onChange={({ target: { value } }) =>
          onChange(value === '' ? null : Math.floor(Date.now() / 1000) + Number(value) * daySeconds)
        }
      >
        <option value="">{say('links.never')}</option>
        {until !== undefined && <option value="set">{formatDate(until)}</option>}
        {spans.map(([word, days]) => (
          <option key={word} value={days}>
            {say(word)}
          </option>
        ))}
      </select>
    </label>
  )
}

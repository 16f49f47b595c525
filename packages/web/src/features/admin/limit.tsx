import { useId } from 'react'
import { useSaving } from '../../components/saving.tsx'
import { say } from '../../lib/words.ts'

interface LimitProps {
  label: string
  /** 0: without limit; undefined: none of its own. */
  value: number | undefined
  hint: string
  print: (value: number) => string
  /** Undefined for what means nothing. */
  parse: (text: string) => number | undefined
  /** Null: none of its own any more. */
  onSave: (value: number | null) => Promise<unknown>
}

/** How much of something, as people write it; saved when one goes on. */
export function Limit({ label, value, hint, print, parse, onSave }: LimitProps) {
  const id = useId()
  const { save, mark } = useSaving()
  const shown = value === undefined ? '' : value === 0 ? say('admin.unlimited') : print(value)
  function read(text: string): void {
    if (text.trim() === shown) return
    const number = text.trim() === say('admin.unlimited') ? 0 : parse(text)
    if (text.trim() === '') save(() => onSave(null))
    else if (number === undefined) save(() => Promise.reject(new Error(say('admin.notANumber', { text }))))
    else save(() => onSave(number))
  }
  return (
    <div className="grid grid-cols-1 gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <label htmlFor={id} className="text-muted">
          {label}
        </label>
        {mark}
      </div>
      <input
        // What was saved is shown as it was understood.
        key={shown}
        id={id}
        className="field"
        aria-describedby={`${id}-hint`}
        defaultValue={shown}
        placeholder={say('admin.likeSettings')}
        onBlur={({ target }) => read(target.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
      />
      <p id={`${id}-hint`} className="meta">
        {hint}
      </p>
    </div>
  )
}

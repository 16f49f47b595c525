import { useEffect, useRef } from 'react'
import { copyText } from '../lib/clipboard.ts'
import { say } from '../lib/words.ts'
import { toast } from './toasts.tsx'

interface CopyFieldProps {
  label: string
  text: string
  /** Whether Copy has the focus as it appears: for what is shown once. */
  isFocused?: boolean
}

/** A link, a key: to be read, selected, and copied by one press. */
export function CopyField({ label, text, isFocused = false }: CopyFieldProps) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isFocused) button.current?.focus()
  }, [isFocused])
  return (
    <div className="grid gap-1">
      <span className="meta">{label}</span>
      <div className="flex gap-2">
        <input
          readOnly
          aria-label={label}
          className="field min-w-0 flex-1 font-mono text-[0.875rem]"
          value={text}
          onFocus={({ target }) => target.select()}
        />
        <button
          ref={button}
          type="button"
          className="secondary"
          onClick={async () => toast((await copyText(text)) ? say('toast.copied') : say('copy.failed'))}
        >
          {say('copy.copy')}
        </button>
      </div>
    </div>
  )
}

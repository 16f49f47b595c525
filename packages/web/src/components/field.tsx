import { type ComponentProps, type ReactNode, useId } from 'react'

interface Labelled {
  label: string
  /** What one may want to know before filling it in. */
  hint?: string | undefined
}

/** One line to be filled in. */
export function Field({ label, hint, ...input }: ComponentProps<'input'> & Labelled) {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint}>
      <input id={id} aria-describedby={hint && `${id}-hint`} {...input} className={`field ${input.className ?? ''}`} />
    </Frame>
  )
}

/** One of several, which are its children. */
export function Choice({ label, hint, ...select }: ComponentProps<'select'> & Labelled) {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint}>
      <select id={id} aria-describedby={hint && `${id}-hint`} className="field" {...select} />
    </Frame>
  )
}

/** On or off. */
export function Check({ label, ...input }: ComponentProps<'input'> & { label: string }) {
  return (
    <label className="flex items-center gap-3">
      <input type="checkbox" className="size-5 shrink-0 accent-(--accent)" {...input} />
      {label}
    </label>
  )
}

function Frame({ id, label, hint, children }: Labelled & { id: string; children: ReactNode }) {
  return (
    <div className="grid min-w-0 content-start gap-1">
      <label htmlFor={id} className="text-muted">
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="meta">
          {hint}
        </p>
      )}
    </div>
  )
}

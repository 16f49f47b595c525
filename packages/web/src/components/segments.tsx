interface SegmentsProps<T extends string> {
  label: string
  name: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}

/** One of a few, all in sight. */
export function Segments<T extends string>({ label, name, value, options, onChange }: SegmentsProps<T>) {
  return (
    <fieldset>
      <legend className="sr-only">{label}</legend>
      <div className="flex flex-wrap overflow-hidden rounded-control border border-edge">
        {options.map((option) => (
          <label
            key={option.value}
            className="min-w-fit flex-1 basis-0 cursor-pointer px-2 py-2 text-center has-checked:bg-text has-checked:font-semibold has-checked:text-bg has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:py-3"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={value === option.value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

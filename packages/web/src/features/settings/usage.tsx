import { formatBytes, formatNumber } from '../../lib/format.ts'
import { useUsage } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

/** What is here of somebody, and how much may be. */
export function Usage() {
  const { data } = useUsage()
  if (!data) return null
  return (
    <>
      <Meter label={say('settings.pictures')} value={data.images} max={data.max_images} print={formatNumber} />
      <Meter label={say('settings.bytes')} value={data.bytes} max={data.max_bytes} print={formatBytes} />
      <a href="/api/v1/me/export" download className="secondary justify-self-start">
        {say('settings.export')}
      </a>
      <p className="meta">{say('settings.exportMeans')}</p>
    </>
  )
}

interface MeterProps {
  label: string
  value: number
  max: number | undefined
  print: (value: number) => string
}

function Meter({ label, value, max, print }: MeterProps) {
  const text = max === undefined ? print(value) : say('settings.of', { value: print(value), max: print(max) })
  return (
    <div className="grid gap-1">
      <p className="flex justify-between gap-4 tabular-nums">
        <span className="text-muted">{label}</span> {text}
      </p>
      {max !== undefined && (
        <progress
          aria-label={label}
          value={Math.min(value, max)}
          max={Math.max(1, max)}
          className="h-1 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
        />
      )}
    </div>
  )
}

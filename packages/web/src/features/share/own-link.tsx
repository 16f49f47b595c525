import { CopyField } from '../../components/copy-field.tsx'
import { Fault } from '../../components/fault.tsx'
import { Segments } from '../../components/segments.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { say } from '../../lib/words.ts'

const visibilities = ['private', 'unlisted', 'public'] as const
type Visibility = (typeof visibilities)[number]

interface OwnLinkProps {
  url: string
  visibility: Visibility
  /** Who sees it then. */
  means: string
  onChange: (visibility: Visibility) => Promise<void>
}

/** The link that a thing has for as long as it is there, and whom it opens to. */
export function OwnLink({ url, visibility, means, onChange }: OwnLinkProps) {
  const { attempt, fault } = useAttempt()
  return (
    <section className="grid grid-cols-1 gap-3">
      <CopyField label={say('viewer.link')} text={url} />
      <Segments
        label={say('viewer.visibility')}
        name="share-visibility"
        value={visibility}
        options={visibilities.map((value) => ({ value, label: say(`viewer.${value}`) }))}
        onChange={(value) => void attempt(() => onChange(value))}
      />
      <p className="text-muted" aria-live="polite">
        {means}
      </p>
      <Fault text={fault} />
    </section>
  )
}

import { CopyField } from '../../components/copy-field.tsx'
import { useSaved } from '../../components/saving.tsx'
import { Segments } from '../../components/segments.tsx'
import { say } from '../../lib/words.ts'

const visibilities = ['private', 'unlisted', 'public'] as const
type Visibility = (typeof visibilities)[number]

interface OwnLinkProps {
  url: string
  visibility: Visibility
  /** Who sees it then. */
  means: (visibility: Visibility) => string
  onChange: (visibility: Visibility) => Promise<void>
}

/** The link that a thing has for as long as it is there, and whom it opens to. */
export function OwnLink({ url, visibility, means, onChange }: OwnLinkProps) {
  const chosen = useSaved(visibility, onChange)
  return (
    <section className="grid grid-cols-1 gap-3">
      <CopyField label={say('viewer.link')} text={url} />
      <Segments
        label={say('viewer.visibility')}
        name="share-visibility"
        value={chosen.value}
        options={visibilities.map((value) => ({ value, label: say(`viewer.${value}`) }))}
        onChange={chosen.change}
      />
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="text-muted" aria-live="polite">
          {means(chosen.value)}
        </p>
        {chosen.mark}
      </div>
    </section>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { Check } from '../../components/field.tsx'
import { Setting, useSaved } from '../../components/saving.tsx'
import { Segments } from '../../components/segments.tsx'
import { client } from '../../lib/client.ts'
import { useMe } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

const visibilities = ['private', 'unlisted', 'public'] as const
type Preferences = Awaited<ReturnType<typeof client.accounts.me>>['preferences']

/** Saved as it is chosen. */
export function UploadDefaults() {
  const { data: me } = useMe()
  return me ? <Defaults {...me.preferences} /> : null
}

function Defaults({ default_visibility = 'unlisted', keep_metadata }: Preferences) {
  const known = useQueryClient()
  const change = async (preferences: Partial<Preferences>) =>
    known.setQueryData(['me'], await client.accounts.update({ body: { preferences } }))
  const visibility = useSaved(default_visibility, (value) => change({ default_visibility: value }))
  const metadata = useSaved(keep_metadata, (value) => change({ keep_metadata: value }))
  return (
    <>
      <Setting name={say('settings.defaultVisibility')} mark={visibility.mark}>
        <Segments
          label={say('settings.defaultVisibility')}
          name="default-visibility"
          value={visibility.value}
          options={visibilities.map((value) => ({ value, label: say(`viewer.${value}`) }))}
          onChange={visibility.change}
        />
        <p className="meta">{say(`viewer.${visibility.value}Means`)}</p>
      </Setting>
      <Setting name={say('settings.metadata')} mark={metadata.mark}>
        <Check
          label={say('settings.keepMetadata')}
          checked={metadata.value}
          onChange={({ target }) => metadata.change(target.checked)}
        />
      </Setting>
    </>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { Check } from '../../components/field.tsx'
import { Setting, useSaving } from '../../components/saving.tsx'
import { Segments } from '../../components/segments.tsx'
import { client } from '../../lib/client.ts'
import { useMe } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

const visibilities = ['private', 'unlisted', 'public'] as const
type Changes = { default_visibility?: (typeof visibilities)[number]; keep_metadata?: boolean }

/** Saved as it is chosen. */
export function UploadDefaults() {
  const { data: me } = useMe()
  const known = useQueryClient()
  const visibility = useSaving()
  const metadata = useSaving()
  if (!me) return null
  const { default_visibility: chosen = 'unlisted', keep_metadata: isKept } = me.preferences
  const change = async (preferences: Changes) =>
    known.setQueryData(['me'], await client.accounts.update({ body: { preferences } }))
  return (
    <>
      <Setting name={say('settings.defaultVisibility')} mark={visibility.mark}>
        <Segments
          label={say('settings.defaultVisibility')}
          name="default-visibility"
          value={chosen}
          options={visibilities.map((value) => ({ value, label: say(`viewer.${value}`) }))}
          onChange={(value) => visibility.save(() => change({ default_visibility: value }))}
        />
        <p className="meta">{say(`viewer.${chosen}Means`)}</p>
      </Setting>
      <Setting name={say('settings.metadata')} mark={metadata.mark}>
        <Check
          label={say('settings.keepMetadata')}
          checked={isKept}
          onChange={({ target }) => metadata.save(() => change({ keep_metadata: target.checked }))}
        />
      </Setting>
    </>
  )
}

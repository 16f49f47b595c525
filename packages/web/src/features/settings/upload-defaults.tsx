import { useQueryClient } from '@tanstack/react-query'
import { Segments } from '../../components/segments.tsx'
import { toast } from '../../components/toasts.tsx'
import { client } from '../../lib/client.ts'
import { useMe } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

type Visibility = 'private' | 'unlisted' | 'public'
const options = (['private', 'unlisted', 'public'] as const).map((value) => ({ value, label: say(`viewer.${value}`) }))

/** Saved as it is chosen. */
export function UploadDefaults() {
  const me = useMe()
  const known = useQueryClient()
  const preferences = me.data?.preferences
  if (!preferences) return null
  async function change(preferences: { default_visibility?: Visibility; keep_metadata?: boolean }): Promise<void> {
    known.setQueryData(['me'], await client.accounts.update({ body: { preferences } }))
    toast(say('toast.saved'))
  }
  return (
    <>
      <p className="text-muted">{say('settings.defaultVisibility')}</p>
      <Segments
        label={say('settings.defaultVisibility')}
        name="default-visibility"
        value={preferences.default_visibility ?? 'unlisted'}
        options={options}
        onChange={(value) => void change({ default_visibility: value })}
      />
      <label className="flex items-center gap-3">
        <input
          type="checkbox"
          className="size-5 accent-(--accent)"
          checked={preferences.keep_metadata}
          onChange={({ target }) => void change({ keep_metadata: target.checked })}
        />
        {say('settings.keepMetadata')}
      </label>
    </>
  )
}

import { Card } from '../../components/card.tsx'
import { Setting, useSaving } from '../../components/saving.tsx'
import { client } from '../../lib/client.ts'
import { offeredLanguages, preferLanguage } from '../../lib/languages.ts'
import { useMe } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'

/** Where the page speaks one language there is nothing to choose. */
export function Language() {
  const { data: me } = useMe()
  const { save, mark } = useSaving()
  const offered = offeredLanguages()
  if (!me || offered.length < 2) return null
  const change = async (language: string) => {
    const { preferences } = await client.accounts.update({ body: { preferences: { language: language || null } } })
    preferLanguage(preferences.language)
    // Words are read as the page begins. Where something is still under way the browser asks first.
    location.reload()
  }
  return (
    <Card title={say('settings.language')}>
      <Setting name={say('settings.languageOf')} mark={mark}>
        <select
          aria-label={say('settings.languageOf')}
          className="field"
          value={me.preferences.language ?? ''}
          onChange={({ target: { value } }) => save(() => change(value))}
        >
          <option value="">{say('settings.languageBrowser')}</option>
          {offered.map(({ code, name }) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </Setting>
    </Card>
  )
}

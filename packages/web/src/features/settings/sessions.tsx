import { useQuery } from '@tanstack/react-query'
import { Fault } from '../../components/fault.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { formatIn } from '../../lib/format.ts'
import { signedOut } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'
import { browserName } from './browser-name.ts'

/** The browsers that are signed in, and a way out for each. */
export function Sessions() {
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => client.sessions.list() })
  const { attempt, fault } = useAttempt()
  async function end(sid: string, isThis: boolean): Promise<void> {
    if (isThis) {
      await client.sessions.delete()
      return signedOut()
    }
    await client.sessions.revoke({ params: { sid } })
    await sessions.refetch()
  }
  return (
    <>
      <ul className="grid grid-cols-1 gap-3">
        {sessions.data?.items.map(({ id, user_agent: browser, created_at, last_used_at: used, current }) => (
          <li key={id} className="flex flex-wrap items-center gap-3">
            <span className="min-w-0 flex-1 basis-32" title={browser}>
              <span className="block wrap-anywhere">
                {browser === undefined ? say('settings.someBrowser') : browserName(browser)}
              </span>
              <span className="meta">
                {current
                  ? say('settings.thisBrowser')
                  : say('settings.keyUsed', { when: formatIn(used ?? created_at) })}
              </span>
            </span>
            <button type="button" className="secondary" onClick={() => void attempt(() => end(id, current === true))}>
              {say('settings.signOut')}
            </button>
          </li>
        ))}
      </ul>
      <Fault text={fault} />
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import { formatDate } from '../../lib/format.ts'
import { signedOut } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'

export function Sessions() {
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => client.sessions.list() })
  async function end(sid: string, isThis: boolean): Promise<void> {
    if (isThis) {
      await client.sessions.delete()
      return signedOut()
    }
    await client.sessions.revoke({ params: { sid } })
    await sessions.refetch()
  }
  return (
    <ul className="grid grid-cols-1 gap-2">
      {sessions.data?.items.map(({ id, user_agent: browser = '?', created_at, current }) => (
        <li key={id} className="flex items-center gap-3">
          <span className="min-w-0 flex-1">
            <span className="block truncate">{browser}</span>
            <span className="meta">
              {formatDate(created_at)}
              {current && ` · ${say('settings.thisBrowser')}`}
            </span>
          </span>
          <button type="button" className="secondary" onClick={() => void end(id, current === true)}>
            {say('settings.signOut')}
          </button>
        </li>
      ))}
    </ul>
  )
}

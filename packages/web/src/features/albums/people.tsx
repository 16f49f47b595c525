import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { Fault } from '../../components/fault.tsx'
import { Choice, Field } from '../../components/field.tsx'
import { CloseIcon } from '../../components/icons.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'

const roles = ['view', 'add', 'edit'] as const
type Role = (typeof roles)[number]

/** Who else of this server sees the album, or changes it. */
export function People({ album, onClose }: { album: string; onClose: () => void }) {
  const grants = useQuery({
    queryKey: ['album', album, 'grants'],
    queryFn: () => client.grants.list({ params: { album } }),
  })
  const { attempt, fault, isBusy } = useAttempt()
  const put = async (username: string, role: Role) => {
    await client.grants.put({ params: { album, username }, body: { role } })
    await grants.refetch()
  }
  const remove = async (username: string) => {
    await client.grants.delete({ params: { album, username } })
    await grants.refetch()
  }
  function add(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const role = roles.find((one) => one === given.get('role')) ?? 'view'
    void attempt(async () => {
      await put(String(given.get('username')).trim(), role)
      form.reset()
    })
  }
  return (
    <Dialog title={say('albums.people')} onClose={onClose}>
      {grants.data?.items.length === 0 && <p className="text-muted">{say('people.none')}</p>}
      <ul className="grid grid-cols-1 gap-2 empty:hidden">
        {grants.data?.items.map(({ username, role }) => (
          <li key={username} className="flex flex-wrap items-center gap-2">
            <span className="name flex-1 basis-28">{username}</span>
            <select
              aria-label={say('people.roleOf', { name: username })}
              className="field w-auto max-w-[50%]"
              value={role}
              onChange={({ target }) =>
                void attempt(() => put(username, roles.find((one) => one === target.value) ?? role))
              }
            >
              <Roles />
            </select>
            <button
              type="button"
              className="quiet px-2"
              aria-label={say('people.remove', { name: username })}
              title={say('people.remove', { name: username })}
              onClick={() => void attempt(() => remove(username))}
            >
              <CloseIcon />
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={add} className="grid grid-cols-1 gap-3 border-t border-line pt-4">
        <div className="pairs">
          <Field
            label={say('welcome.username')}
            name="username"
            required
            maxLength={256}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
          <Choice label={say('people.role')} name="role">
            <Roles />
          </Choice>
        </div>
        <p className="meta">{say('people.means')}</p>
        <Fault text={fault ?? grants.error?.message} />
        <button type="submit" className="primary justify-self-end" disabled={isBusy}>
          {say('people.add')}
        </button>
      </form>
    </Dialog>
  )
}

const Roles = () =>
  roles.map((role) => (
    <option key={role} value={role}>
      {say(role === 'add' ? 'people.addRole' : `people.${role}`)}
    </option>
  ))

import { useDeferredValue, useState } from 'react'
import { Card } from '../../components/card.tsx'
import { Field } from '../../components/field.tsx'
import { LoadError } from '../../components/load-error.tsx'
import { More } from '../../components/more.tsx'
import { client } from '../../lib/client.ts'
import { formatBytes, formatNumber } from '../../lib/format.ts'
import { usePages } from '../../lib/pages.ts'
import { say } from '../../lib/words.ts'
import { type User, UserForm } from './user-form.tsx'

/** Every account, by name. */
export function Users() {
  const [typed, type] = useState('')
  const q = useDeferredValue(typed.trim())
  const { query, items } = usePages(['admin', 'users', q], (at) =>
    client.users.list({ query: { limit: 50, ...(q && { q }), ...at } }),
  )
  if (query.isError) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  return (
    <Card title={say('admin.users')}>
      <Field
        label={say('admin.findUser')}
        type="search"
        value={typed}
        onChange={({ target }) => type(target.value)}
        autoCapitalize="none"
        spellCheck={false}
      />
      {items?.length === 0 && <p className="text-muted">{say('admin.noUser', { name: q })}</p>}
      <ul className="grid grid-cols-1">
        {items?.map((user) => (
          <Row key={user.uid} user={user} />
        ))}
      </ul>
      <More of={query} />
    </Card>
  )
}

function Row({ user }: { user: User }) {
  const [isOpen, setOpen] = useState(false)
  const { username, role, disabled, usage } = user
  const facts = [
    ...(role === 'admin' ? [say('admin.roleAdmin')] : []),
    ...(disabled ? [say('admin.disabled')] : []),
    say('settings.usageLine', { images: formatNumber(usage.images), size: formatBytes(usage.bytes) }),
  ]
  return (
    <li className="border-t border-line">
      <details name="user" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="cursor-pointer py-3">
          <span className={`font-semibold wrap-anywhere ${disabled ? 'line-through' : ''}`}>{username}</span>{' '}
          <span className="meta">{facts.join(' · ')}</span>
        </summary>
        {isOpen && <UserForm user={user} />}
      </details>
    </li>
  )
}

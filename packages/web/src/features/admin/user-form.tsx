import { useState } from 'react'
import { Check } from '../../components/field.tsx'
import { Question } from '../../components/question.tsx'
import { Setting, useSaved } from '../../components/saving.tsx'
import { Segments } from '../../components/segments.tsx'
import { parseCount, parseSize } from '../../lib/amounts.ts'
import { client } from '../../lib/client.ts'
import { formatBytes, formatNumber } from '../../lib/format.ts'
import { queries } from '../../lib/session.ts'
import { say } from '../../lib/words.ts'
import { Limit } from './limit.tsx'

export type User = Awaited<ReturnType<typeof client.users.get>>
type Changes = NonNullable<Parameters<typeof client.users.update>[0]['body']>

const refresh = () => queries.invalidateQueries({ queryKey: ['admin'] })

/** What an administrator may change about an account, saved field by field. */
export function UserForm({ user: { uid, username, role, disabled, quota, usage } }: { user: User }) {
  const params = { uid }
  const [isAsked, ask] = useState(false)
  const change = async (body: Changes) => {
    await client.users.update({ params, body })
    await refresh()
  }
  const chosenRole = useSaved(role, (role) => change({ role }))
  const shut = useSaved(disabled, (disabled) => change({ disabled }))
  const images = formatNumber(usage.images)
  return (
    <div className="grid grid-cols-1 gap-4 pt-1 pb-4">
      <Setting name={say('admin.role')} mark={chosenRole.mark}>
        <Segments
          label={say('admin.role')}
          name={`role-${uid}`}
          value={chosenRole.value}
          options={[
            { value: 'user', label: say('admin.roleUser') },
            { value: 'admin', label: say('admin.roleAdmin') },
          ]}
          onChange={chosenRole.change}
        />
      </Setting>
      <Setting name={say('admin.access')} mark={shut.mark}>
        <Check
          label={say('admin.disable')}
          checked={shut.value}
          onChange={({ target }) => shut.change(target.checked)}
        />
      </Setting>
      <Limit
        label={say('admin.maxBytes')}
        value={quota.bytes}
        print={formatBytes}
        parse={parseSize}
        hint={say('admin.limitHint', { example: '10 GB' })}
        onSave={(bytes) => change({ quota: { bytes } })}
      />
      <Limit
        label={say('admin.maxImages')}
        value={quota.images}
        print={formatNumber}
        parse={parseCount}
        hint={say('admin.limitHint', { example: '5,000' })}
        onSave={(images) => change({ quota: { images } })}
      />
      <Limit
        label={say('admin.maxDrafts')}
        value={quota.drafts}
        print={formatNumber}
        parse={parseCount}
        hint={say('admin.draftsHint')}
        onSave={(drafts) => change({ quota: { drafts } })}
      />
      <section className="grid justify-items-start gap-3 rounded-control bg-sunken p-3">
        <p>{say('admin.deleteMeans', { name: username, images, size: formatBytes(usage.bytes) })}</p>
        <button type="button" className="danger" onClick={() => ask(true)}>
          {say('settings.delete')}
        </button>
      </section>
      {isAsked && (
        <Question
          action={say('settings.delete')}
          text={say('admin.deleteMeans', { name: username, images, size: formatBytes(usage.bytes) })}
          onYes={async () => {
            await client.users.delete({ params })
            void refresh()
          }}
          onClose={() => ask(false)}
        />
      )}
    </div>
  )
}

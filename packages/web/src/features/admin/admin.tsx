import type { FormEvent } from 'react'
import { Card } from '../../components/card.tsx'
import { Fault } from '../../components/fault.tsx'
import { Field } from '../../components/field.tsx'
import { Sections } from '../../components/sections.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { useStore } from '../../lib/store.ts'
import { findWho, who } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'
import { Audit } from './audit.tsx'
import { Blocklist } from './blocklist.tsx'
import { Invites } from './invites.tsx'
import { Reports } from './reports.tsx'
import { Site } from './site.tsx'
import { Users } from './users.tsx'

export default function Admin() {
  const state = useStore(who)
  if (state.state !== 'somebody') return null
  if (state.user.role !== 'admin') return <Claim />
  return (
    <Sections
      title={say('admin.title')}
      base="/admin"
      sections={[
        { path: 'users', label: say('admin.users'), Page: Users },
        { path: 'invites', label: say('admin.invites'), Page: Invites },
        { path: 'site', label: say('admin.site'), Page: Site },
        { path: 'reports', label: say('admin.reports'), Page: Reports },
        { path: 'blocklist', label: say('admin.blocklist'), Page: Blocklist },
        { path: 'audit', label: say('admin.audit'), Page: Audit },
      ]}
    />
  )
}

/** The way in for whoever has the shell of a server that nobody administers yet. */
function Claim() {
  const { attempt, fault, isBusy } = useAttempt()
  function claim(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code'))
    void attempt(async () => {
      await client.setup.claim({ body: { code } })
      await findWho()
    })
  }
  return (
    <div className="grid max-w-[640px] grid-cols-1 gap-6 p-4 sm:p-6">
      <h1 className="screen-title">{say('admin.title')}</h1>
      <Card title={say('admin.only')}>
        <p className="text-muted">{say('admin.claimMeans')}</p>
        <form onSubmit={claim} className="grid gap-3">
          <Field label={say('admin.code')} name="code" required autoCapitalize="none" spellCheck={false} />
          <Fault text={fault} />
          <button type="submit" className="primary justify-self-start" disabled={isBusy}>
            {say('admin.claim')}
          </button>
        </form>
      </Card>
    </div>
  )
}

import { Link } from 'wouter'
import { Card } from '../../components/card.tsx'
import { KeySwitch } from '../../components/key-switch.tsx'
import { Sections } from '../../components/sections.tsx'
import { client } from '../../lib/client.ts'
import { isListing } from '../../lib/keys.ts'
import { useStore } from '../../lib/store.ts'
import { signedOut, who } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'
import { Appearance } from './appearance.tsx'
import { Deletion } from './deletion.tsx'
import { Keys } from './keys.tsx'
import { Language } from './language.tsx'
import { Password } from './password.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'
import { UploadDefaults } from './upload-defaults.tsx'
import { Usage } from './usage.tsx'

export default function Settings() {
  return (
    <Sections
      title={say('settings.title')}
      base="/settings"
      sections={[
        { path: 'general', label: say('settings.general'), Page: General },
        { path: 'keys', label: say('settings.keys'), Page: KeysPage },
        { path: 'security', label: say('settings.security'), Page: Security },
        { path: 'account', label: say('settings.account'), Page: Account },
      ]}
      more={<Elsewhere />}
    />
  )
}

const General = () => (
  <>
    <Card title={say('settings.theme')}>
      <Appearance />
    </Card>
    <Language />
    <Card title={say('settings.uploads')}>
      <UploadDefaults />
    </Card>
    <Card title={say('keys.help')}>
      <KeySwitch />
      <button type="button" className="secondary justify-self-start" onClick={() => isListing.set(() => true)}>
        {say('keys.show')}
      </button>
    </Card>
  </>
)

const KeysPage = () => (
  <Card title={say('settings.keys')}>
    <Keys />
  </Card>
)

const Security = () => (
  <>
    <Card title={say('settings.password')}>
      <Password />
    </Card>
    <Card title={say('settings.otp')}>
      <TwoFactor />
    </Card>
    <Card title={say('settings.sessions')}>
      <Sessions />
    </Card>
  </>
)

const Account = () => (
  <>
    <Card title={say('settings.usage')}>
      <Usage />
    </Card>
    <Deletion />
  </>
)

const row =
  'flex min-h-9 items-center rounded-control px-3 text-left hover:bg-sunken max-lg:min-h-12 max-lg:border-b max-lg:rounded-none max-lg:border-line max-lg:px-0 max-lg:text-[1rem]'

/** What else is under one's own name; on a phone the bar at the foot has no room for it. */
function Elsewhere() {
  const state = useStore(who)
  const isAdmin = state.state === 'somebody' && state.user.role === 'admin'
  return (
    <>
      <Link href="/trash" className={`${row} sm:hidden`}>
        {say('nav.trash')}
      </Link>
      {isAdmin && (
        <Link href="/admin" className={row}>
          {say('admin.title')}
        </Link>
      )}
      <button type="button" className={row} onClick={() => void client.sessions.delete().then(signedOut)}>
        {say('settings.leave')}
      </button>
    </>
  )
}

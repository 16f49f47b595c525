import { Card } from '../../components/card.tsx'
import { say } from '../../lib/words.ts'
import { Account } from './account.tsx'
import { Appearance } from './appearance.tsx'
import { Keys } from './keys.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'
import { UploadDefaults } from './upload-defaults.tsx'

export default function Settings() {
  return (
    <div className="grid max-w-[640px] grid-cols-1 gap-4 p-4 sm:p-6">
      <h1 className="screen-title mb-2">{say('settings.title')}</h1>
      <Card title={say('settings.theme')}>
        <Appearance />
      </Card>
      <Card title={say('settings.uploads')}>
        <UploadDefaults />
      </Card>
      <Card title={say('settings.keys')}>
        <Keys />
      </Card>
      <Card title={say('settings.sessions')}>
        <Sessions />
      </Card>
      <Card title={say('settings.otp')}>
        <TwoFactor />
      </Card>
      <Account />
    </div>
  )
}

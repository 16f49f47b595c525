import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { CopyField } from '../../components/copy-field.tsx'
import { toast } from '../../components/toasts.tsx'
import { client } from '../../lib/client.ts'
import { useConfirmed } from '../../lib/confirmed.tsx'
import { say } from '../../lib/words.ts'

/** A code of an authenticator app besides the password. */
export function TwoFactor() {
  const state = useQuery({ queryKey: ['two-factor'], queryFn: () => client.twoFactor.get() })
  const { run, dialog } = useConfirmed()
  const [proposed, setProposed] = useState<{ secret: string; uri: string }>()
  const [codes, setCodes] = useState<readonly string[]>()
  const [fault, setFault] = useState<string>()

  const begin = () => run(async () => setProposed(await client.twoFactor.begin({ body: {} })))
  const end = () =>
    run(async () => {
      await client.twoFactor.delete({ body: {} })
      setCodes(undefined)
      await state.refetch()
      toast(say('toast.saved'))
    })

  async function confirm(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const otp = String(new FormData(event.currentTarget).get('otp'))
    try {
      const { recovery_codes } = await client.twoFactor.confirm({ body: { otp } })
      setProposed(undefined)
      setFault(undefined)
      setCodes(recovery_codes)
      await state.refetch()
    } catch (error) {
      setFault((error as Error).message)
    }
  }

  if (!state.data) return null
  return (
    <>
      <p className="text-muted">{say(state.data.enabled ? 'settings.otpOn' : 'settings.otpOff')}</p>
      {codes && (
        <div role="status" className="grid gap-2 rounded-control bg-sunken p-3">
          <p>{say('settings.otpCodes')}</p>
          <CopyField label={say('settings.otpRecovery')} text={codes.join(' ')} />
        </div>
      )}
      {proposed && (
        <form onSubmit={confirm} className="grid grid-cols-1 gap-3">
          <p>
            {say('settings.otpScan')}{' '}
            <a href={proposed.uri} className="text-accent underline underline-offset-2">
              {say('settings.otpOpen')}
            </a>
          </p>
          <CopyField label={say('settings.otpSecret')} text={proposed.secret} />
          <label className="grid gap-1">
            <span className="meta">{say('welcome.otp')}</span>
            <input name="otp" className="field" inputMode="numeric" autoComplete="one-time-code" required />
          </label>
          {fault && (
            <p role="alert" className="text-danger">
              {fault}
            </p>
          )}
          <button type="submit" className="primary justify-self-start">
            {say('settings.otpConfirm')}
          </button>
        </form>
      )}
      {!proposed && (
        <button
          type="button"
          className="secondary justify-self-start"
          onClick={() => void (state.data.enabled ? end() : begin())}
        >
          {say(state.data.enabled ? 'settings.otpEnd' : 'settings.otpBegin')}
        </button>
      )}
      {dialog}
    </>
  )
}

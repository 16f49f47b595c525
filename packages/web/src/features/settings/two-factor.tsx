import { useQuery } from '@tanstack/react-query'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { useConfirmed } from '../../components/confirmed.tsx'
import { CopyField } from '../../components/copy-field.tsx'
import { Fault } from '../../components/fault.tsx'
import { Field } from '../../components/field.tsx'
import { toast } from '../../components/toasts.tsx'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'

const QrCode = lazy(() => import('./qr-code.tsx'))

/** A code of an authenticator app besides the password. */
export function TwoFactor() {
  const state = useQuery({ queryKey: ['two-factor'], queryFn: () => client.twoFactor.get() })
  const { run, dialog } = useConfirmed()
  const [proposed, setProposed] = useState<{ secret: string; uri: string }>()
  const [codes, setCodes] = useState<readonly string[]>()
  const { attempt, fault } = useAttempt()

  const begin = () => attempt(() => run(async () => setProposed(await client.twoFactor.begin({ body: {} }))))
  const end = () =>
    attempt(() =>
      run(async () => {
        await client.twoFactor.delete({ body: {} })
        setCodes(undefined)
        await state.refetch()
        toast(say('toast.saved'))
      }),
    )

  function confirm(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const otp = String(new FormData(event.currentTarget).get('otp'))
    void attempt(async () => {
      const { recovery_codes } = await client.twoFactor.confirm({ body: { otp } })
      setProposed(undefined)
      setCodes(recovery_codes)
      await state.refetch()
    })
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
          <Suspense fallback={<div className="size-64" />}>
            <QrCode text={proposed.uri} label={say('settings.otpQr')} />
          </Suspense>
          <CopyField label={say('settings.otpSecret')} text={proposed.secret} />
          <Field label={say('welcome.otp')} name="otp" inputMode="numeric" autoComplete="one-time-code" required />
          <button type="submit" className="primary justify-self-start">
            {say('settings.otpConfirm')}
          </button>
        </form>
      )}
      <Fault text={fault} />
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

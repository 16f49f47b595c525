import { AppError } from '@imagehost/contract'
import { type FormEvent, useEffect, useMemo, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { Field } from '../../components/field.tsx'
import { UploadIcon } from '../../components/icons.tsx'
import { client } from '../../lib/client.ts'
import { useStore } from '../../lib/store.ts'
import { waiting } from '../../lib/waiting-files.ts'
import { findWho } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'

/** The first visit: what it is, a place that already takes a picture, and the way in. */
export function Welcome() {
  return (
    <main className="mx-auto grid min-h-dvh max-w-[1280px] content-center gap-8 p-4 sm:p-8 md:grid-cols-12 md:items-center">
      <div className="grid gap-6 md:col-span-5">
        <h1 className="text-[clamp(36px,6vw,60px)] leading-[1.05] font-[680] tracking-[-0.035em] text-balance">
          {say('welcome.headline')}
        </h1>
        <p className="text-[1rem] leading-6 text-muted">{say('welcome.promise')}</p>
        <Entrance />
      </div>
      <div className="md:col-span-7">
        <Well />
      </div>
    </main>
  )
}

/** Exactly what was typed, which phones like to mend. */
const typed = { required: true, autoCapitalize: 'none', spellCheck: false } as const

/** The code of the invite whose link brought somebody here; behind a `#`, so that no server logs it. */
const invited = new URLSearchParams(location.hash.slice(1)).get('invite') ?? ''

function Entrance() {
  const registration = useRegistration()
  const [wish, setWish] = useState<'create' | 'signIn'>()
  const mayCreate = registration === 'open' || (registration === 'invite' && invited !== '')
  const mode = wish ?? (mayCreate ? 'create' : 'signIn')
  const [fault, setFault] = useState<AppError>()
  const [isBusy, setBusy] = useState(false)
  const needsCode = fault?.code === 'otp_required'

  async function enter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>
    const { username = '', password = '', otp, invite } = given
    setBusy(true)
    try {
      if (mode === 'create') await client.accounts.register({ body: { username, password, ...(invite && { invite }) } })
      await client.sessions.create({ body: { username, password, ...(otp && { otp }) } })
      await findWho()
    } catch (error) {
      setFault(error instanceof AppError ? error : new AppError('internal_error'))
      setBusy(false)
    }
  }

  return (
    <form onSubmit={enter} className="grid max-w-sm gap-3">
      <Field name="username" label={say('welcome.username')} autoComplete="username" {...typed} />
      <Field
        name="password"
        label={say('welcome.password')}
        type="password"
        autoComplete={mode === 'create' ? 'new-password' : 'current-password'}
        required
      />
      {needsCode && (
        <Field name="otp" label={say('welcome.otp')} autoComplete="one-time-code" inputMode="numeric" {...typed} />
      )}
      {mode === 'create' && registration === 'invite' && (
        <Field name="invite" label={say('welcome.invite')} defaultValue={invited} {...typed} />
      )}
      <Fault text={fault?.message} />
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className="primary" disabled={isBusy}>
          {say(mode === 'create' ? 'welcome.create' : 'welcome.signIn')}
        </button>
        {registration !== undefined && registration !== 'closed' && (
          <button type="button" className="quiet" onClick={() => setWish(mode === 'create' ? 'signIn' : 'create')}>
            {say(mode === 'create' ? 'welcome.haveOne' : 'welcome.needOne')}
          </button>
        )}
      </div>
      {registration === 'closed' && <p className="text-muted">{say('welcome.closed')}</p>}
    </form>
  )
}

/** Undefined until the server has said it: until then signing in is always right. */
function useRegistration(): 'open' | 'invite' | 'closed' | undefined {
  const [registration, setRegistration] = useState<'open' | 'invite' | 'closed'>()
  useEffect(() => {
    const asked = new AbortController()
    client.system.site({ signal: asked.signal }).then(
      (site) => setRegistration(site.registration),
      () => {},
    )
    return () => asked.abort()
  }, [])
  return registration
}

/** So many of those that wait are shown. */
const maxShown = 5

function Thumbnails({ files }: { files: readonly File[] }) {
  const addresses = useMemo(() => files.slice(0, maxShown).map((file) => URL.createObjectURL(file)), [files])
  useEffect(() => () => addresses.forEach((address) => void URL.revokeObjectURL(address)), [addresses])
  return (
    <span className="flex flex-wrap justify-center gap-1">
      {addresses.map((address) => (
        <img key={address} src={address} alt="" className="h-20 max-w-40 rounded-tile object-cover sm:h-28" />
      ))}
    </span>
  )
}

/** Takes pictures before anybody is in; they wait. */
function Well() {
  const files = useStore(waiting)
  const [isOver, setOver] = useState(false)
  const take = (more: FileList | null) => {
    const pictures = [...(more ?? [])]
    if (pictures.length > 0) waiting.set((before) => [...before, ...pictures])
  }
  return (
    <label
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
      data-over={isOver || undefined}
      className="grid aspect-[4/3] cursor-pointer place-items-center rounded-dialog border-2 border-dashed border-edge bg-sunken text-muted data-over:border-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
    >
      <span className="grid justify-items-center gap-3 p-6 text-center">
        {files.length > 0 ? <Thumbnails files={files} /> : <UploadIcon className="size-8" />}
        <span className="text-[1rem]">
          {files.length > 0 ? say('welcome.waiting', { count: files.length }) : say('welcome.well')}
        </span>
        <span className="secondary">{say('welcome.choose')}</span>
      </span>
      <input type="file" accept="image/*" multiple className="sr-only" onChange={(event) => take(event.target.files)} />
    </label>
  )
}

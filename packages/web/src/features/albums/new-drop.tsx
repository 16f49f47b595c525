import type { FormEvent } from 'react'
import { Fault } from '../../components/fault.tsx'
import { Check, Choice, Field } from '../../components/field.tsx'
import { EndChoice, PasswordChoice, termsOfForm, textOf } from '../../components/link-terms.tsx'
import { toast } from '../../components/toasts.tsx'
import { parseSize } from '../../lib/amounts.ts'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { promiseText } from '../../lib/clipboard.ts'
import { say } from '../../lib/words.ts'

type Drop = Awaited<ReturnType<typeof client.drops.create>>
type Terms = NonNullable<Parameters<typeof client.drops.create>[0]['body']>

const visibilities = ['unlisted', 'private', 'public'] as const

interface NewDropProps {
  album: string
  onMade: (drop: Drop, password: string) => void
  onCancel: () => void
}

/** The terms of a drop link; it is copied as it is made. */
export function NewDrop({ album, onMade, onCancel }: NewDropProps) {
  const { attempt, fault, isBusy } = useAttempt()
  function make(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    void attempt(async () => {
      const made = client.drops.create({ params: { album }, body: termsFrom(given) })
      // Begun while the button is pressed; the browser allows it no later.
      const copied = promiseText(made.then(({ url }) => url))
      onMade(await made, textOf(given, 'password'))
      if (await copied) toast(say('toast.copied'))
    })
  }
  return (
    <form onSubmit={make} className="grid grid-cols-1 gap-3 rounded-menu border border-line p-3">
      <Field label={say('links.name')} name="name" maxLength={200} autoComplete="off" />
      <div className="grid grid-cols-2 gap-3">
        <EndChoice />
        <Choice label={say('settings.defaultVisibility')} name="visibility">
          {visibilities.map((value) => (
            <option key={value} value={value}>
              {say(`viewer.${value}`)}
            </option>
          ))}
        </Choice>
        <Field
          label={say('drops.maxFiles')}
          name="files"
          type="number"
          min={1}
          max={100_000}
          placeholder={say('links.unlimited')}
        />
        <Field label={say('drops.maxBytes')} name="bytes" placeholder={say('links.unlimited')} />
      </div>
      <PasswordChoice />
      <Check label={say('drops.hold')} name="holds" />
      <Check label={say('drops.show')} name="shows" />
      <Fault text={fault} />
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="secondary" onClick={onCancel}>
          {say('tray.cancel')}
        </button>
        <button type="submit" className="primary" disabled={isBusy}>
          {say('links.make')}
        </button>
      </div>
    </form>
  )
}

function termsFrom(given: FormData): Terms {
  const [files, room] = [textOf(given, 'files'), textOf(given, 'bytes')]
  const bytes = room === '' ? undefined : parseSize(room)
  if (room !== '' && !bytes) throw new Error(say('admin.notANumber', { text: room }))
  return {
    ...termsOfForm(given),
    holds: given.has('holds'),
    shows_album: given.has('shows'),
    visibility: visibilities.find((one) => one === given.get('visibility')) ?? 'unlisted',
    ...(files && { max_files: Number(files) }),
    ...(bytes && { max_bytes: bytes }),
  }
}

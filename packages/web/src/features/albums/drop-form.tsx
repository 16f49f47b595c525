import { Check, Choice, Field } from '../../components/field.tsx'
import { LinkForm } from '../../components/link-form.tsx'
import { parseSize } from '../../lib/amounts.ts'
import type { client } from '../../lib/client.ts'
import { formatBytes } from '../../lib/format.ts'
import { termsOfForm, textOf } from '../../lib/link-terms.ts'
import { say } from '../../lib/words.ts'

export type Drop = Awaited<ReturnType<typeof client.drops.create>>
/** null: none any more. */
export type DropTerms = Parameters<typeof client.drops.update>[0]['body']

const visibilities = ['unlisted', 'private', 'public'] as const

interface DropFormProps {
  /** The one that is changed; without it one is made. */
  drop?: Drop
  store: (terms: DropTerms) => Promise<Drop>
  onStored: (drop: Drop, password: string) => void
  onCancel: () => void
}

/** The terms of a drop link. */
export function DropForm({ drop, store, onStored, onCancel }: DropFormProps) {
  const room = drop?.max_bytes === undefined ? '' : formatBytes(drop.max_bytes)
  const limits = (
    <>
      <Choice label={say('settings.defaultVisibility')} name="visibility" defaultValue={drop?.visibility}>
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
        defaultValue={drop?.max_files}
        placeholder={say('links.unlimited')}
      />
      <Field label={say('drops.maxBytes')} name="bytes" defaultValue={room} placeholder={say('links.unlimited')} />
    </>
  )
  return (
    <LinkForm
      link={drop}
      store={async (given) => store(termsFrom(given, room))}
      onStored={onStored}
      onCancel={onCancel}
      limits={limits}
    >
      <Check label={say('drops.hold')} name="holds" defaultChecked={drop?.holds} />
      <Check label={say('drops.show')} name="shows" defaultChecked={drop?.shows_album} />
    </LinkForm>
  )
}

/** `shown`: its room as it stood in the form, which is rounded and so says nothing new. */
function termsFrom(given: FormData, shown: string): DropTerms {
  const room = textOf(given, 'bytes')
  const bytes = parseSize(room)
  if (room !== '' && !bytes) throw new Error(say('admin.notANumber', { text: room }))
  return {
    ...termsOfForm(given),
    holds: given.has('holds'),
    shows_album: given.has('shows'),
    visibility: visibilities.find((one) => one === given.get('visibility')) ?? 'unlisted',
    max_files: Number(textOf(given, 'files')) || null,
    ...(room !== shown && { max_bytes: bytes ?? null }),
  }
}

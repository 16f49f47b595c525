import { Check, Choice, Field } from '../../components/field.tsx'
import { LinkForm } from '../../components/link-form.tsx'
import { termsOfForm, textOf } from '../../components/link-terms.tsx'
import { parseSize } from '../../lib/amounts.ts'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'

type Drop = Awaited<ReturnType<typeof client.drops.create>>
type Terms = NonNullable<Parameters<typeof client.drops.create>[0]['body']>

const visibilities = ['unlisted', 'private', 'public'] as const

interface NewDropProps {
  album: string
  onMade: (drop: Drop, password: string) => void
  onCancel: () => void
}

/** The terms of a drop link. */
export function NewDrop({ album, onMade, onCancel }: NewDropProps) {
  const make = async (given: FormData) => client.drops.create({ params: { album }, body: termsFrom(given) })
  const limits = (
    <>
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
    </>
  )
  return (
    <LinkForm make={make} onMade={onMade} onCancel={onCancel} limits={limits}>
      <Check label={say('drops.hold')} name="holds" />
      <Check label={say('drops.show')} name="shows" />
    </LinkForm>
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

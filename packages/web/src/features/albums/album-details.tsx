import { type FormEvent, useId } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { FormEnd } from '../../components/form-end.tsx'
import { type Album, refreshAlbums } from '../../lib/albums.ts'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'

/** How the album is called, and what is said of it. */
export function AlbumDetails({ about, onClose }: { about: Album; onClose: () => void }) {
  const { attempt, fault, isBusy } = useAttempt()
  const id = useId()
  function save(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    void attempt(async () => {
      await client.albums.update({
        params: { album: about.id },
        body: { name: String(given.get('name')), description: String(given.get('description')) },
      })
      refreshAlbums()
      onClose()
    })
  }
  return (
    <Dialog title={say('albums.details')} onClose={onClose}>
      <form onSubmit={save} className="grid gap-3">
        <Field label={say('links.name')} name="name" defaultValue={about.name} required maxLength={200} />
        <div className="grid gap-1">
          <label htmlFor={id} className="text-muted">
            {say('albums.description')}
          </label>
          <textarea
            id={id}
            name="description"
            rows={4}
            maxLength={5000}
            defaultValue={about.description}
            className="field h-auto py-2 pointer-coarse:h-auto"
          />
        </div>
        <FormEnd action={say('albums.save')} fault={fault} isBusy={isBusy} onCancel={onClose} />
      </form>
    </Dialog>
  )
}

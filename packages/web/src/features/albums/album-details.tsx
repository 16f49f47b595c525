import { type FormEvent, useId } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { Fault } from '../../components/fault.tsx'
import { Field } from '../../components/field.tsx'
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
        <Fault text={fault} />
        <div className="flex flex-wrap justify-end gap-2">
          <button type="button" className="secondary" onClick={onClose}>
            {say('tray.cancel')}
          </button>
          <button type="submit" className="primary" disabled={isBusy}>
            {say('albums.save')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

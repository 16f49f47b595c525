import { type FormEvent, type RefObject, useState } from 'react'
import { addToAlbum, createAlbum, useAlbums } from '../lib/albums.ts'
import { say } from '../lib/words.ts'
import { clearSelection } from './grid/selection.ts'
import { toast } from './toasts.tsx'

interface AlbumChoiceProps {
  dialog: RefObject<HTMLDialogElement | null>
  ids: readonly string[]
}

/** Which album the chosen pictures go into; a new one by its name. */
export function AlbumChoice({ dialog, ids }: AlbumChoiceProps) {
  const albums = useAlbums()
  const [fault, setFault] = useState<string>()

  async function put(album: Promise<string> | string, name: string): Promise<void> {
    try {
      await addToAlbum(await album, ids)
      dialog.current?.close()
      clearSelection()
      toast(say('albums.added', { count: ids.length, name }))
    } catch (error) {
      setFault((error as Error).message)
    }
  }
  function make(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name'))
    void put(createAlbum(name), name)
  }
  return (
    <dialog
      ref={dialog}
      aria-label={say('albums.choose')}
      className="m-auto w-[min(100%,24rem)] rounded-dialog bg-raised p-6"
    >
      <div className="grid grid-cols-1 gap-4">
        <h2 className="title">{say('albums.choose')}</h2>
        <ul className="grid max-h-64 grid-cols-1 gap-1 overflow-auto">
          {albums.data?.map(({ id, name }) => (
            <li key={id}>
              <button type="button" className="quiet w-full justify-start" onClick={() => void put(id, name)}>
                {name}
              </button>
            </li>
          ))}
        </ul>
        <form onSubmit={make} className="flex gap-2">
          <input
            name="name"
            className="field"
            aria-label={say('albums.name')}
            placeholder={say('albums.name')}
            required
            maxLength={200}
          />
          <button type="submit" className="primary shrink-0">
            {say('albums.make')}
          </button>
        </form>
        {fault && (
          <p role="alert" className="text-danger">
            {fault}
          </p>
        )}
        <button type="button" className="secondary" onClick={() => dialog.current?.close()}>
          {say('tray.cancel')}
        </button>
      </div>
    </dialog>
  )
}

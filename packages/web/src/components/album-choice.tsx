import { addToAlbum, useAlbums } from '../lib/albums.ts'
import { useAttempt } from '../lib/attempt.ts'
import { say } from '../lib/words.ts'
import { Dialog } from './dialog.tsx'
import { Fault } from './fault.tsx'
import { clearSelection } from './grid/selection.ts'
import { NewAlbumForm } from './new-album-form.tsx'
import { toast } from './toasts.tsx'

interface AlbumChoiceProps {
  /** Which pictures; asked for when an album is chosen. */
  pick: () => Promise<readonly string[]>
  onClose: () => void
  /** Why an album. */
  hint?: string
  /** Told which one it was. */
  onChosen?: (album: string) => void
}

/** Which album the chosen pictures go into; a new one by its name. */
export function AlbumChoice({ pick, onClose, hint, onChosen }: AlbumChoiceProps) {
  const albums = useAlbums()
  const { attempt, fault } = useAttempt()
  async function put(album: string, name: string): Promise<void> {
    const ids = await pick()
    await addToAlbum(album, ids)
    onClose()
    clearSelection()
    toast(say('albums.added', { count: ids.length, name }))
    onChosen?.(album)
  }
  return (
    <Dialog title={say('albums.choose')} onClose={onClose}>
      {hint && <p className="text-muted">{hint}</p>}
      <ul className="grid max-h-64 grid-cols-1 gap-1 overflow-auto">
        {albums.data?.map(({ id, name }) => (
          <li key={id}>
            <button
              type="button"
              className="quiet w-full justify-start"
              onClick={() => void attempt(() => put(id, name))}
            >
              <span className="truncate">{name}</span>
            </button>
          </li>
        ))}
      </ul>
      <Fault text={fault} />
      <NewAlbumForm onMade={put} />
      <button type="button" className="secondary justify-self-end" onClick={onClose}>
        {say('tray.cancel')}
      </button>
    </Dialog>
  )
}

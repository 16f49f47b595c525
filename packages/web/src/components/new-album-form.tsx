import type { FormEvent } from 'react'
import { createAlbum } from '../lib/albums.ts'
import { useAttempt } from '../lib/attempt.ts'
import { say } from '../lib/words.ts'
import { Fault } from './fault.tsx'

/** An album by its name. */
export function NewAlbumForm({ onMade }: { onMade: (id: string, name: string) => unknown }) {
  const { attempt, fault, isBusy } = useAttempt()
  function make(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name'))
    void attempt(async () => onMade(await createAlbum(name), name))
  }
  return (
    <form onSubmit={make} className="grid max-w-md gap-2">
      <div className="flex gap-2">
        <input
          name="name"
          className="field"
          aria-label={say('albums.name')}
          placeholder={say('albums.name')}
          required
          maxLength={200}
        />
        <button type="submit" className="primary shrink-0" disabled={isBusy}>
          {say('albums.make')}
        </button>
      </div>
      <Fault text={fault} />
    </form>
  )
}

import type { FormEvent } from 'react'
import { Link, useLocation } from 'wouter'
import { LoadError } from '../../components/load-error.tsx'
import { createAlbum, useAlbums } from '../../lib/albums.ts'
import { formatNumber } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'

export default function Albums() {
  const albums = useAlbums()
  const [, go] = useLocation()
  if (albums.isPending) return null
  if (albums.isError) return <LoadError onRetry={() => void albums.refetch()} />
  async function make(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name'))
    go(`/albums/${await createAlbum(name)}`)
  }
  return (
    <div className="grid grid-cols-1 gap-6 p-4 sm:p-6">
      <h1 className="screen-title">{say('albums.title')}</h1>
      <form onSubmit={make} className="flex max-w-md gap-2">
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
      {albums.data.length === 0 && <p className="text-muted">{say('albums.none')}</p>}
      <ul className="grid grid-cols-2 gap-4 sm:grid-cols-[repeat(auto-fill,minmax(200px,1fr))]">
        {albums.data.map(({ id, name, cover, image_count: count = 0 }) => (
          <li key={id}>
            <Link href={`/albums/${id}`} className="grid gap-2 rounded-control">
              <div
                className="aspect-[4/3] overflow-hidden rounded-control bg-sunken"
                style={{ backgroundColor: cover?.color }}
              >
                {cover && <img src={`/i/${cover.id}?preset=small`} alt="" className="size-full object-cover" />}
              </div>
              <span className="truncate font-semibold">{name}</span>
              <span className="meta">{say('gallery.count', { count: formatNumber(count) })}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from 'wouter'
import { LoadError } from '../../components/load-error.tsx'
import { NewAlbumForm } from '../../components/new-album-form.tsx'
import { Pending } from '../../components/pending.tsx'
import { type Album, useAlbums } from '../../lib/albums.ts'
import { client } from '../../lib/client.ts'
import { formatNumber } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'

export default function Albums() {
  const albums = useAlbums()
  const granted = useQuery({ queryKey: ['albums', 'granted'], queryFn: () => client.albums.shared() })
  const [, go] = useLocation()
  if (albums.isPending) return <Pending />
  if (albums.isError) return <LoadError error={albums.error} onRetry={() => void albums.refetch()} />
  const others = granted.data?.items ?? []
  return (
    <div className="grid grid-cols-1 gap-6 p-4 sm:p-6">
      <h1 className="screen-title">{say('albums.title')}</h1>
      <NewAlbumForm onMade={(id) => go(`/albums/${id}`)} />
      {albums.data.length === 0 && <p className="text-muted">{say('albums.none')}</p>}
      <Covers albums={albums.data} />
      {others.length > 0 && (
        <>
          <h2 className="title">{say('albums.granted')}</h2>
          <Covers albums={others} />
        </>
      )}
    </div>
  )
}

const Covers = ({ albums }: { albums: readonly Album[] }) => (
  <ul className="grid grid-cols-2 gap-4 sm:grid-cols-[repeat(auto-fill,minmax(200px,1fr))]">
    {albums.map(({ id, name, cover, image_count: count = 0 }) => (
      <li key={id} className="min-w-0">
        <Link href={`/albums/${id}`} className="grid grid-cols-1 gap-1 rounded-control">
          <div
            className="mb-1 aspect-[4/3] overflow-hidden rounded-control bg-sunken"
            style={{ backgroundColor: cover?.color }}
          >
            {cover && (
              <img src={`/i/${cover.id}?preset=small`} alt="" loading="lazy" className="size-full object-cover" />
            )}
          </div>
          <span className="name">{name}</span>
          <span className="meta">{say('gallery.count', { count: formatNumber(count) })}</span>
        </Link>
      </li>
    ))}
  </ul>
)

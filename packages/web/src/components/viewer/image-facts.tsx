import type { Image } from '@imagehost/client'
import { Link } from 'wouter'
import { useAlbums } from '../../lib/albums.ts'
import { formatBytes, formatDate, formatNumber } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'

/** What is known of a picture and cannot be changed. */
export function ImageFacts({ image }: { image: Image }) {
  const { taken_at: takenAt, camera, width, height, size = 0, sha256 } = image
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 tabular-nums">
        {takenAt !== undefined && <Fact name={say('viewer.taken')} value={formatDate(takenAt)} />}
        {camera !== undefined && <Fact name={say('viewer.camera')} value={camera} />}
        <Fact name={say('viewer.added')} value={formatDate(image.created_at)} />
        <Fact name={say('viewer.size')} value={`${width ?? '?'} × ${height ?? '?'} · ${formatBytes(size)}`} />
        <Fact name={say('viewer.type')} value={image.mime.replace('image/', '').toUpperCase()} />
        <Fact name={say('viewer.views')} value={formatNumber(image.views)} />
      </dl>
      {sha256 && (
        <details>
          <summary className="cursor-pointer text-muted">SHA-256</summary>
          <code className="font-mono text-[0.75rem] break-all">{sha256}</code>
        </details>
      )}
    </>
  )
}

/** The albums that it is in. */
export function ImageAlbums({ ids, onAdd }: { ids: readonly string[]; onAdd: () => unknown }) {
  const albums = useAlbums()
  const mine = albums.data?.filter(({ id }) => ids.includes(id)) ?? []
  return (
    <div className="flex flex-wrap items-center gap-2">
      {mine.map(({ id, name }) => (
        <Link key={id} href={`/albums/${id}`} className="max-w-full truncate rounded-control bg-sunken px-2 py-1">
          {name}
        </Link>
      ))}
      <button type="button" className="quiet px-2" onClick={() => void onAdd()}>
        {say('albums.choose')}
      </button>
    </div>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="text-right">{value}</dd>
  </>
)

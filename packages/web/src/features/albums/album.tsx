import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useLocation, useParams } from 'wouter'
import { CopyField } from '../../components/copy-field.tsx'
import { EndlessGrid } from '../../components/grid/endless-grid.tsx'
import { sketchOf } from '../../components/grid/sketch.ts'
import { useWidth } from '../../components/grid/viewport.ts'
import { LoadError } from '../../components/load-error.tsx'
import { Segments } from '../../components/segments.tsx'
import { SelectionBar } from '../../components/selection-bar.tsx'
import { refreshAlbums } from '../../lib/albums.ts'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'

const Viewer = lazy(() => import('../../components/viewer/viewer.tsx'))
const visibilities = (['private', 'unlisted', 'public'] as const).map((value) => ({
  value,
  label: say(`viewer.${value}`),
}))

export default function Album() {
  const { album = '' } = useParams()
  const params = { album }
  const [element, setElement] = useState<HTMLElement | null>(null)
  const width = useWidth(element)
  const [viewed, view] = useState<string>()
  const about = useQuery({ queryKey: ['album', album], queryFn: () => client.albums.get({ params }) })
  const images = useInfiniteQuery({
    queryKey: ['album', album, 'images'],
    queryFn: ({ pageParam }) =>
      client.albums.images({ params, query: { limit: 100, ...(pageParam && { cursor: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
  const sketches = useMemo(() => images.data?.pages.flatMap(({ items }) => items.map(sketchOf)) ?? [], [images.data])
  if (about.isError) return <LoadError onRetry={() => void about.refetch()} />
  if (!about.data) return null
  const { hasNextPage, isFetching, fetchNextPage } = images
  const { name, visibility, page_url: link, role } = about.data
  async function change(body: Parameters<typeof client.albums.update>[0]['body']): Promise<void> {
    await client.albums.update({ params, body })
    refreshAlbums()
  }
  return (
    <div className="px-4 sm:px-6">
      <SelectionBar />
      <header className="grid grid-cols-1 gap-3 py-4 sm:py-6">
        <h1 className="screen-title">{name}</h1>
        {role === 'owner' && (
          <div className="flex flex-wrap items-end gap-4">
            <Segments
              label={say('viewer.visibility')}
              name="album-visibility"
              value={visibility}
              options={visibilities}
              onChange={(value) => void change({ visibility: value })}
            />
            {visibility !== 'private' && <CopyField label={say('viewer.link')} text={link} />}
            <a href={`/api/v1/album/${album}/zip`} download className="secondary">
              {say('viewer.download')}
            </a>
            <Removal album={album} />
          </div>
        )}
      </header>
      <div ref={setElement}>
        {images.isSuccess && sketches.length === 0 && <p className="text-muted">{say('albums.empty', { name })}</p>}
        {width > 0 && (
          <EndlessGrid
            sketches={sketches}
            width={width}
            filter={{ album }}
            count={about.data.image_count ?? sketches.length}
            onOpen={view}
            onNearEnd={hasNextPage && !isFetching ? fetchNextPage : undefined}
          />
        )}
      </div>
      {viewed && (
        <Suspense>
          <Viewer id={viewed} order={sketches.map(({ id }) => id)} onMove={view} onClose={() => view(undefined)} />
        </Suspense>
      )}
    </div>
  )
}

/** Takes two presses; the pictures stay where they are. */
function Removal({ album }: { album: string }) {
  const [isAsked, ask] = useState(false)
  const [, go] = useLocation()
  async function remove(): Promise<void> {
    await client.albums.delete({ params: { album } })
    refreshAlbums()
    go('/albums')
  }
  return (
    <button
      type="button"
      className={isAsked ? 'danger' : 'secondary'}
      onClick={() => (isAsked ? void remove() : ask(true))}
    >
      {say(isAsked ? 'albums.deleteSure' : 'albums.delete')}
    </button>
  )
}

import type { Image } from '@imagehost/client'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Link, useParams } from 'wouter'
import { EndlessGrid } from '../../components/grid/endless-grid.tsx'
import { sketchOf } from '../../components/grid/sketch.ts'
import { useWidth } from '../../components/grid/viewport.ts'
import { LoadError } from '../../components/load-error.tsx'
import { Pending } from '../../components/pending.tsx'
import { PendingTiles } from '../../components/pending-tiles.tsx'
import { SelectionBar } from '../../components/selection-bar.tsx'
import { useViewed, Viewed } from '../../components/viewer/viewed.tsx'
import { client } from '../../lib/client.ts'
import { usePages } from '../../lib/pages.ts'
import { say } from '../../lib/words.ts'
import { AlbumHead } from './album-head.tsx'
import { Arrange } from './arrange.tsx'
import { Waiting } from './waiting.tsx'

/** The same one each time, so that nothing is drawn anew for it. */
const none: Image[] = []

export default function Album() {
  const { album = '' } = useParams()
  const params = { album }
  const [element, setElement] = useState<HTMLElement | null>(null)
  const width = useWidth(element)
  const { viewed, open, move } = useViewed()
  const [isArranging, arrange] = useState(false)
  const about = useQuery({ queryKey: ['album', album], queryFn: () => client.albums.get({ params }) })
  const { query: images, items = none } = usePages(['album', album, 'images'], (at) =>
    client.albums.images({ params, query: { limit: 100, ...at } }),
  )
  const sketches = useMemo(() => items.map(sketchOf), [items])
  if (about.isError) return <LoadError error={about.error} onRetry={() => void about.refetch()} />
  if (!about.data) return <Pending />
  const { hasNextPage, isFetching, fetchNextPage } = images
  const { name, role } = about.data
  if (isArranging) return <Arrange about={about.data} images={images} items={items} onDone={() => arrange(false)} />
  return (
    <div className="px-4 sm:px-6">
      <AlbumHead about={about.data} onArrange={items.length > 1 ? () => arrange(true) : undefined} />
      <SelectionBar />
      {role === 'owner' && <Waiting album={album} />}
      <PendingTiles album={album} />
      <div ref={setElement}>
        {images.isSuccess && items.length === 0 && <Empty name={name} />}
        {width > 0 && (
          <EndlessGrid
            sketches={sketches}
            width={width}
            filter={{ album }}
            count={about.data.image_count ?? sketches.length}
            onOpen={open}
            onNearEnd={hasNextPage && !isFetching ? fetchNextPage : undefined}
          />
        )}
      </div>
      {viewed && <Viewed id={viewed} order={sketches.map(({ id }) => id)} onMove={move} />}
    </div>
  )
}

const Empty = ({ name }: { name: string }) => (
  <div className="grid justify-items-center gap-4 rounded-dialog border-2 border-dashed border-edge p-12 text-center">
    <p className="wrap-anywhere">{say('albums.empty', { name })}</p>
    <Link href="/" className="primary">
      {say('shared.photos')}
    </Link>
  </div>
)

import { useEffect } from 'react'
import { Link } from 'wouter'
import { LinkMenu } from '../../components/link-menu.tsx'
import { LoadError } from '../../components/load-error.tsx'
import { More } from '../../components/more.tsx'
import { Pending } from '../../components/pending.tsx'
import { client } from '../../lib/client.ts'
import { formatIn } from '../../lib/format.ts'
import { isLive, type LimitedLink, limitsOf, viewsOf } from '../../lib/limited-links.ts'
import { usePages } from '../../lib/pages.ts'
import { share } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'

/** Every limited link that opens now, of all pictures and albums. */
export default function Shared() {
  const { query, items } = usePages(['all-shares'], (at) => client.shares.listAll({ query: { limit: 100, ...at } }))
  const live = items?.filter(isLive) ?? []
  const { hasNextPage, isFetching, fetchNextPage } = query
  // Those that have ended are in the list too: a page may hold nothing else.
  const isBarren = live.length === 0 && hasNextPage && !isFetching
  useEffect(() => {
    if (isBarren) void fetchNextPage()
  }, [isBarren, fetchNextPage])
  if (query.isError) return <LoadError error={query.error} onRetry={() => void query.refetch()} />
  if (query.isPending || isBarren) return <Pending />
  return (
    <div className="grid grid-cols-1 gap-6 p-4 sm:p-6">
      <h1 className="screen-title">{say('shared.title')}</h1>
      {live.length === 0 ? (
        <Empty />
      ) : (
        <table className="block w-full text-left sm:table">
          <thead className="hidden border-b border-line text-muted sm:table-header-group">
            <tr>
              <th scope="col" className="py-2 font-normal" colSpan={2}>
                {say('shared.what')}
              </th>
              <th scope="col" className="px-4 font-normal">
                {say('shared.limits')}
              </th>
              <th scope="col" className="px-4 font-normal">
                {say('shared.views')}
              </th>
              <th scope="col" className="px-4 font-normal">
                {say('shared.used')}
              </th>
              <th scope="col">
                <span className="sr-only">{say('shared.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody className="block sm:table-row-group">
            {live.map((link) => (
              <Row key={link.slug} link={link} />
            ))}
          </tbody>
        </table>
      )}
      <More of={query} />
    </div>
  )
}

/** A row of the table; on a phone what is in it stands below each other. */
function Row({ link }: { link: LimitedLink }) {
  const { image_id: image, album_id: album, album_name, name = say('links.unnamed'), thumbnail_url: thumbnail } = link
  const used = link.last_used_at === undefined ? say('shared.never') : formatIn(link.last_used_at)
  const open = () => (image === undefined ? album !== undefined && share({ album }) : share({ image }))
  return (
    <tr className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 border-b border-line py-2 sm:table-row">
      <td className="row-span-3 sm:w-16 sm:py-2">
        <button
          type="button"
          className="block size-[48px] overflow-hidden rounded-control bg-sunken"
          aria-label={`${say('share.share')}: ${name}`}
          onClick={open}
        >
          {thumbnail && <img src={thumbnail} alt="" loading="lazy" className="size-full object-cover" />}
        </button>
      </td>
      <th scope="row" className="min-w-0 font-semibold sm:max-w-64 sm:py-2">
        <span className="name">{name}</span>
        {album_name && <span className="meta block wrap-anywhere font-normal">{album_name}</span>}
      </th>
      <td className="col-start-2 max-sm:meta sm:px-4">{limitsOf(link).join(' · ')}</td>
      <td className="col-start-2 tabular-nums max-sm:meta sm:px-4">{viewsOf(link)}</td>
      <td className="hidden px-4 tabular-nums sm:table-cell">{used}</td>
      <td className="col-start-3 row-start-1 row-span-3 sm:text-right">
        <LinkMenu link={link} />
      </td>
    </tr>
  )
}

const Empty = () => (
  <div className="grid justify-items-center gap-4 rounded-dialog border-2 border-dashed border-edge p-12 text-center">
    <p>{say('shared.empty')}</p>
    <Link href="/" className="primary">
      {say('shared.photos')}
    </Link>
  </div>
)

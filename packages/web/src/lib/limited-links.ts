import { useQuery } from '@tanstack/react-query'
import { client } from './client.ts'
import { formatIn, formatNumber } from './format.ts'
import { withoutNull } from './link-terms.ts'
import { queries } from './session.ts'
import type { Shareable } from './sharing.ts'
import { say } from './words.ts'

export type LimitedLink = Awaited<ReturnType<typeof client.shares.list>>['items'][number]
/** null: none any more. */
export type LimitedLinkTerms = Parameters<typeof client.shares.update>[0]['body']

/** Those that open now, the first first. */
export const useLimitedLinks = (of: Shareable) =>
  useQuery({ queryKey: ['shares', of], queryFn: async () => (await listLinks(of)).items.filter(isLive) })

const listLinks = (of: Shareable) =>
  'image' in of ? client.shares.list({ params: { id: of.image } }) : client.shares.listOfAlbum({ params: of })

export async function makeLimitedLink(of: Shareable, terms: LimitedLinkTerms): Promise<LimitedLink> {
  const body = withoutNull(terms)
  const link = await ('image' in of
    ? client.shares.create({ params: { id: of.image }, body })
    : client.shares.createOfAlbum({ params: of, body }))
  refreshLinks()
  return link
}

export async function changeLimitedLink({ slug }: LimitedLink, body: LimitedLinkTerms): Promise<LimitedLink> {
  const link = await client.shares.update({ params: { slug }, body })
  refreshLinks()
  return link
}

/** Takes it back, which nothing undoes. */
export async function revokeLink({ slug }: LimitedLink): Promise<void> {
  await client.shares.delete({ params: { slug } })
  refreshLinks()
}

function refreshLinks(): void {
  for (const queryKey of [['shares'], ['all-shares']]) void queries.invalidateQueries({ queryKey })
}

/** Whether it still opens for somebody new. */
export const isLive = ({ expires_at: end, max_views: most, views }: LimitedLink): boolean =>
  (end === undefined || end * 1000 > Date.now()) && (most === undefined || views < most)

/** Such as `ends in 6 days · 2 of 5 views · password`. */
export const termsOf = (link: LimitedLink): string => [...limitsOf(link), viewsOf(link)].join(' · ')

export const limitsOf = ({
  expires_at: end,
  has_password: isLocked,
  allow_download: isSaved,
}: LimitedLink): string[] => [
  end === undefined ? say('links.lasts') : say('links.ends', { when: formatIn(end) }),
  ...(isLocked ? [say('links.hasPassword')] : []),
  ...(isSaved ? [] : [say('links.noDownload')]),
]

export const viewsOf = ({ views, max_views: most }: LimitedLink): string =>
  most === undefined
    ? say('links.views', { views: formatNumber(views) })
    : say('links.viewsOf', { views: formatNumber(views), most: formatNumber(most) })

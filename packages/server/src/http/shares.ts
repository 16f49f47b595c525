import { shareRoutes } from '@imagehost/contract/shares'
import type { FastifyInstance } from 'fastify'
import type { ShareOpenings } from '../services/share-openings.ts'
import type { Shares, ShareTerms } from '../services/shares.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentShare, shareUrl } from './present/share.ts'
import { abridged } from './present/slug.ts'
import { shareVisits } from './share-visits.ts'

export function sharesHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  { shares, shareOpenings }: { shares: Shares; shareOpenings: ShareOpenings },
): void {
  const { look, open, ...owners } = shareRoutes
  shareVisits(app, { look, open }, deps, shareOpenings)
  mount(app, owners, deps, {
    list: async ({ params }, { caller, origins }) => ({
      items: (await shares.list(caller, params.id)).map((share) => presentShare(share, origins)),
    }),
    create: async ({ params, body }, { caller, origins, audit }) => {
      const share = await shares.create(caller, params.id, termsOf(body))
      audit({ details: { share: abridged(share.slug) } })
      return presentShare(share, origins)
    },
    listAll: async ({ query }, { caller, origins }) => {
      const { items, nextCursor } = await shares.listAll(caller, query)
      return {
        items: items.map((share) => presentShare(share, origins)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    update: async ({ params, body }, { caller, origins, audit }) => {
      audit({ target: abridged(params.slug) })
      const share = await shares.update(caller, params.slug, termsOf(body))
      audit({ target: share.imageId, details: { share: abridged(share.slug) } })
      return presentShare(share, origins)
    },
    qrSvg: async ({ params: { slug } }, { caller, reply, origins }) =>
      reply.type('image/svg+xml').send(await shares.drawQr(caller, slug, shareUrl(slug, origins), 'svg')),
    qrPng: async ({ params: { slug } }, { caller, reply, origins }) =>
      reply.type('image/png').send(await shares.drawQr(caller, slug, shareUrl(slug, origins), 'png')),
    delete: async ({ params }, { caller, audit }) => {
      audit({ target: abridged(params.slug) })
      const share = await shares.remove(caller, params.slug)
      audit({ target: share.imageId, details: { share: abridged(share.slug) } })
      return { status: 'deleted', slug: share.slug }
    },
  })
}

interface TermsOnWire extends Pick<ShareTerms, 'name' | 'password'> {
  expires_at?: number | null | undefined
  max_views?: number | null | undefined
  allow_download?: boolean | undefined
}

const termsOf = ({ expires_at, max_views, allow_download, ...terms }: TermsOnWire): ShareTerms => ({
  ...terms,
  expiresAt: expires_at,
  maxViews: max_views,
  allowDownload: allow_download,
})

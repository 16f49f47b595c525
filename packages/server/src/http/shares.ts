import { shareRoutes } from '@imagehost/contract/shares'
import type { FastifyInstance } from 'fastify'
import type { Share, ShareSubject } from '../ports/shares.ts'
import type { Caller } from '../services/access.ts'
import type { AlbumImages } from '../services/album-images.ts'
import type { ShareOpenings } from '../services/share-openings.ts'
import type { Shares, ShareTerms } from '../services/shares.ts'
import type { Origins } from './base-url.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentShare, shareUrl } from './present/share.ts'
import { abridged } from './present/slug.ts'
import { shareVisits } from './share-visits.ts'

interface ShareServices {
  shares: Shares
  shareOpenings: ShareOpenings
  contents: Pick<AlbumImages, 'open'>
}

export function sharesHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  { shares, shareOpenings, contents }: ShareServices,
): void {
  const { look, open, zip, ...owners } = shareRoutes
  shareVisits(app, { look, open, zip }, deps, { openings: shareOpenings, contents })
  mount(app, owners, deps, {
    list: ({ params }, context) => list({ imageId: params.id }, context),
    listOfAlbum: ({ params }, context) => list({ albumId: params.album }, context),
    create: ({ params, body }, context) => create({ imageId: params.id }, body, context),
    createOfAlbum: ({ params, body }, context) => create({ albumId: params.album }, body, context),
    listAll: async ({ query }, { caller, origins }) => {
      const { items, nextCursor } = await shares.listAll(caller, query)
      return {
        items: items.map((own) => presentShare(own, origins)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    update: async ({ params, body }, { caller, origins, audit }) => {
      audit({ target: abridged(params.slug) })
      const own = await shares.update(caller, params.slug, termsOf(body))
      audit(noteOf(own.share))
      return presentShare(own, origins)
    },
    qrSvg: async ({ params: { slug } }, { caller, reply, origins }) =>
      reply.type('image/svg+xml').send(await shares.drawQr(caller, slug, shareUrl(slug, origins), 'svg')),
    qrPng: async ({ params: { slug } }, { caller, reply, origins }) =>
      reply.type('image/png').send(await shares.drawQr(caller, slug, shareUrl(slug, origins), 'png')),
    delete: async ({ params }, { caller, audit }) => {
      audit({ target: abridged(params.slug) })
      const share = await shares.remove(caller, params.slug)
      audit(noteOf(share))
      return { status: 'deleted', slug: share.slug }
    },
  })

  async function list(subject: ShareSubject, { caller, origins }: OwnerContext) {
    return { items: (await shares.list(caller, subject)).map((own) => presentShare(own, origins)) }
  }

  async function create(subject: ShareSubject, terms: TermsOnWire, { caller, origins, audit }: AuditedContext) {
    const own = await shares.create(caller, subject, termsOf(terms))
    audit({ details: noteOf(own.share).details })
    return presentShare(own, origins)
  }
}

interface OwnerContext {
  caller: Caller
  origins: Origins
}

interface AuditedContext extends OwnerContext {
  audit: (note: Partial<ReturnType<typeof noteOf>>) => void
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

const noteOf = (share: Share) => ({
  target: share.albumId ?? share.imageId,
  details: { share: abridged(share.slug) },
})

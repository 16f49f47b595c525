import { dropRoutes } from '@imagehost/contract/drops'
import type { FastifyInstance } from 'fastify'
import type { DropUploads } from '../services/drop-uploads.ts'
import type { Drops, DropTerms } from '../services/drops.ts'
import { createDropIntake, type DropIntakeDependencies } from './drop-intake.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentDrop, presentOpenDrop } from './present/drop.ts'
import { presentImage } from './present/image.ts'
import { abridged } from './present/slug.ts'

export function dropsHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  services: DropIntakeDependencies & { drops: Drops; dropUploads: DropUploads },
): void {
  const { drops, dropUploads, limits } = services
  const { upload, list, create, update, delete: remove, look, images } = dropRoutes
  app.register(async (scope) => {
    // Bytes are read by the handler itself, so nothing is parsed before.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    mount(scope, { upload }, deps, { upload: createDropIntake(services) })
  })
  mount(app, { list, create, update, delete: remove, look, images }, deps, {
    list: async ({ params }, { caller, origins }) => ({
      items: (await drops.list(caller, params.album)).map((drop) => presentDrop(drop, origins)),
    }),
    create: async ({ params, body }, { caller, origins, audit }) => {
      const drop = await drops.create(caller, params.album, termsOf(body))
      audit({ details: { drop: abridged(drop.slug) } })
      return presentDrop(drop, origins)
    },
    update: async ({ params, body }, { caller, origins, audit }) => {
      audit({ target: abridged(params.slug) })
      const drop = await drops.update(caller, params.slug, termsOf(body))
      audit({ target: drop.albumId, details: { drop: abridged(drop.slug) } })
      return presentDrop(drop, origins)
    },
    delete: async ({ params }, { caller, audit }) => {
      audit({ target: abridged(params.slug) })
      const drop = await drops.remove(caller, params.slug)
      audit({ target: drop.albumId, details: { drop: abridged(drop.slug) } })
      return { status: 'deleted', slug: drop.slug }
    },
    look: async ({ params }) => presentOpenDrop(await dropUploads.find(params.slug), limits.maxBytes),
    images: async ({ params, body: { password, limit, cursor } }, { address, origins }) => {
      const open = await dropUploads.enter(params.slug, { password, address })
      const { items, nextCursor } = await dropUploads.images(open, { limit, cursor })
      return {
        items: items.map((image) => presentImage(image, origins, undefined)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
  })
}

interface TermsOnWire extends Pick<DropTerms, 'name' | 'password' | 'holds' | 'visibility'> {
  expires_at?: number | null | undefined
  max_files?: number | null | undefined
  max_bytes?: number | null | undefined
  shows_album?: boolean | undefined
}

const termsOf = ({ expires_at, max_files, max_bytes, shows_album, ...terms }: TermsOnWire): DropTerms => ({
  ...terms,
  expiresAt: expires_at,
  maxFiles: max_files,
  maxBytes: max_bytes,
  showsAlbum: shows_album,
})

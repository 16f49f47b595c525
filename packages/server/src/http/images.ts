import { defaultPageSize, imageRoutes } from '@imagehost/contract/images'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { isOwner } from '../services/access.ts'
import type { AlbumImages } from '../services/album-images.ts'
import type { Delivery } from '../services/delivery.ts'
import type { ImageSearch } from '../services/image-search.ts'
import type { Images } from '../services/images.ts'
import type { Uploads } from '../services/uploads.ts'
import { absoluteUrl } from './base-url.ts'
import { createCrossOrigin } from './cross-origin.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentImage } from './present/image.ts'
import { embeddableHeaders } from './security-headers.ts'
import { sendBytes } from './send-bytes.ts'

export function imagesHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  images: Images,
  delivery: Delivery,
  uploads: Uploads,
  search: ImageSearch,
  contents: Pick<AlbumImages, 'albumsOf'>,
): void {
  // The address ends, and so may the image: nobody may keep the answer.
  const fixed = { ...embeddableHeaders(deps.publicUrl), 'cache-control': 'no-store', 'content-length': 0 }
  const crossOrigin = createCrossOrigin(deps.corsOrigins)
  const sendTo = (location: string, { baseUrl, reply }: { baseUrl: string; reply: FastifyReply }) =>
    sendBytes(reply, 302, { ...fixed, ...crossOrigin(reply.request), location: absoluteUrl(location, baseUrl) })
  mount(app, imageRoutes, deps, {
    list: async ({ query: { limit = defaultPageSize, ...filters } }, { caller, origins }) => {
      const { items, nextCursor } = await search.list(caller, { ...filters, limit })
      return {
        items: items.map((image) => presentImage(image, origins, caller)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    usage: (_input, { caller }) => uploads.usage(caller),
    redirect: ({ params }, context) => {
      const send = (location: string) => {
        if (context.request.method === 'GET') delivery.countView(params.id)
        sendTo(location, context)
      }
      const found = delivery.redirect(context.caller, params.id)
      return typeof found === 'string' ? send(found) : found.then(send)
    },
    info: async ({ params }, { caller, origins }) => {
      const image = await delivery.find(caller, params.id)
      const presented = presentImage(image, origins, caller)
      return isOwner(caller, image) ? { ...presented, album_ids: await contents.albumsOf(image) } : presented
    },
    update: async ({ params, body: { expires_at: expiresAt, ...changes } }, { caller, origins }) =>
      presentImage(await images.update(caller, params.id, { ...changes, expiresAt }), origins, caller),
    delete: async ({ params }, { caller }) => {
      await images.remove(caller, params.id)
      return { status: 'deleted', id: params.id }
    },
  })
}

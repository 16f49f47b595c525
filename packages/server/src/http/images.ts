import { imageRoutes } from '@imagehost/contract/images'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Delivery } from '../services/delivery.ts'
import type { Images } from '../services/images.ts'
import { absoluteUrl } from './base-url.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentImage } from './present/image.ts'
import { sendBytes } from './send-bytes.ts'

export function imagesHttp(app: FastifyInstance, deps: MountDependencies, images: Images, delivery: Delivery): void {
  mount(app, imageRoutes, deps, {
    list: async ({ query }, { caller, baseUrl }) => {
      const { items, nextCursor } = await images.list(caller, query)
      return {
        items: items.map((image) => presentImage(image, baseUrl)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    redirect: ({ params }, context) => {
      const found = delivery.redirect(context.caller, params.id)
      return typeof found === 'string' ? sendTo(found, context) : found.then((location) => sendTo(location, context))
    },
    delete: async ({ params }, { caller }) => {
      await images.remove(caller, params.id)
      return { status: 'deleted', id: params.id }
    },
  })
}

/** The address ends, and so may the image: nobody may keep the answer. */
function sendTo(location: string, { baseUrl, reply }: { baseUrl: string; reply: FastifyReply }): void {
  const headers = { location: absoluteUrl(location, baseUrl), 'cache-control': 'no-store', 'content-length': 0 }
  sendBytes(reply, 302, headers)
}

import { imageRoutes } from '@imagehost/contract/images'
import type { FastifyInstance } from 'fastify'
import type { Delivery } from '../services/delivery.ts'
import type { Images } from '../services/images.ts'
import { absoluteUrl } from './base-url.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentImage } from './present/image.ts'

export function imagesHttp(app: FastifyInstance, deps: MountDependencies, images: Images, delivery: Delivery): void {
  mount(app, imageRoutes, deps, {
    list: async ({ query }, { caller, baseUrl }) => {
      const { items, nextCursor } = await images.list(caller, query)
      return {
        items: items.map((image) => presentImage(image, baseUrl)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    redirect: async ({ params }, { caller, baseUrl, reply }) => {
      const location = absoluteUrl(await delivery.redirect(caller, params.id), baseUrl)
      // The address ends, and so may the image: nobody may keep the answer.
      return reply.header('cache-control', 'no-store').redirect(location, 302)
    },
    delete: async ({ params }, { caller }) => {
      await images.remove(caller, params.id)
      return { status: 'deleted', id: params.id }
    },
  })
}

import { AppError } from '@imagehost/contract/errors'
import { pageRoutes } from '@imagehost/contract/pages'
import type { FastifyInstance } from 'fastify'
import type { Delivery } from '../services/delivery.ts'
import { type MountDependencies, mount } from './mount.ts'
import { orFailurePage } from './pages/failure.ts'
import { imagePage } from './pages/image.ts'
import { sendPage } from './pages/page.ts'
import { presentOEmbed } from './present/oembed.ts'

export function pagesHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  { delivery, otherOrigins }: { delivery: Delivery; otherOrigins: readonly string[] },
): void {
  mount(app, pageRoutes, deps, {
    image: ({ params }, { caller, request, reply, origins }) =>
      orFailurePage({ request, reply }, async () => {
        const image = await delivery.find(caller, params.id)
        return sendPage(reply, 200, imagePage(image, origins, [origins.content, ...otherOrigins].join(' ')))
      }),
    oembed: async ({ query: { url, maxwidth, maxheight } }, { origins }) => {
      if (url === undefined) {
        throw new AppError('validation', { message: 'query.url is missing.', details: { field: 'query.url' } })
      }
      const image = await delivery.find(undefined, idIn(url, [origins.page, origins.content]))
      return presentOEmbed(image, origins, { maxWidth: maxwidth, maxHeight: maxheight })
    },
  })
}

/** Of an address of ours. Throws `not_found` for any other. */
function idIn(address: string, origins: readonly string[]): string {
  const url = URL.parse(address)
  const isOurs = url !== null && origins.some((origin) => URL.parse(origin)?.host === url.host)
  const [, id] = /^\/(?:v|i)\/([A-Za-z0-9_-]{1,64})(?:\.[A-Za-z0-9]{1,10})?$/.exec(url?.pathname ?? '') ?? []
  if (!isOurs || id === undefined) throw new AppError('not_found')
  return id
}

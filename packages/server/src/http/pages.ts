import { AppError } from '@imagehost/contract/errors'
import { pageRoutes } from '@imagehost/contract/pages'
import type { FastifyInstance } from 'fastify'
import type { AlbumImages } from '../services/album-images.ts'
import type { Albums } from '../services/albums.ts'
import type { Delivery } from '../services/delivery.ts'
import type { DropUploads, OpenDrop } from '../services/drop-uploads.ts'
import type { Origins } from './base-url.ts'
import { type MountDependencies, mount } from './mount.ts'
import { albumPage } from './pages/album.ts'
import { dropPage } from './pages/drop.ts'
import { orFailurePage } from './pages/failure.ts'
import { imagePage } from './pages/image.ts'
import { sendPage } from './pages/page.ts'
import { presentOEmbed } from './present/oembed.ts'

interface PageServices {
  delivery: Delivery
  albums: Albums
  contents: AlbumImages
  dropUploads: DropUploads
  limits: { maxBytes: number }
  /** Besides our own origin: where pictures come from that are sent elsewhere. */
  web: { otherOrigins: readonly string[] }
}

export function pagesHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  { delivery, albums, contents, dropUploads, limits, web }: PageServices,
): void {
  const picturesFrom = ({ content }: Origins): string => [content, ...web.otherOrigins].join(' ')

  mount(app, pageRoutes, deps, {
    image: ({ params }, { caller, request, reply, origins }) =>
      orFailurePage({ request, reply }, async () => {
        const image = await delivery.find(caller, params.id)
        return sendPage(reply, 200, imagePage(image, origins, picturesFrom(origins)))
      }),
    album: ({ params, query }, { caller, request, reply, origins }) =>
      orFailurePage({ request, reply }, async () => {
        const seen = await albums.get(caller, params.album)
        const part = await contents.page(caller, params.album, query)
        return sendPage(reply, 200, albumPage(seen, part, origins, picturesFrom(origins)))
      }),
    drop: ({ params }, { request, reply, origins }) =>
      orFailurePage({ request, reply }, async () => {
        const open = await dropUploads.find(params.slug)
        const images = await imagesFor(open)
        const { maxBytes } = limits
        return sendPage(reply, 200, dropPage({ open, maxBytes, images, origins, picturesFrom: picturesFrom(origins) }))
      }),
    oembed: async ({ query: { url, maxwidth, maxheight } }, { origins }) => {
      if (url === undefined) {
        throw new AppError('validation', { message: 'query.url is missing.', details: { field: 'query.url' } })
      }
      const image = await delivery.find(undefined, idIn(url, [origins.page, origins.content]))
      return presentOEmbed(image, origins, { maxWidth: maxwidth, maxHeight: maxheight })
    },
  })

  /** Nothing where a password is asked for: a page that is only looked at has none. */
  const imagesFor = async (open: OpenDrop) =>
    open.drop.passwordHash === undefined ? (await dropUploads.images(open, {})).items : []
}

/** Of an address of ours. Throws `not_found` for any other. */
function idIn(address: string, origins: readonly string[]): string {
  const url = URL.parse(address)
  const isOurs = url !== null && origins.some((origin) => URL.parse(origin)?.host === url.host)
  const [, id] = /^\/(?:v|i)\/([A-Za-z0-9_-]{1,64})(?:\.[A-Za-z0-9]{1,10})?$/.exec(url?.pathname ?? '') ?? []
  if (!isOurs || id === undefined) throw new AppError('not_found')
  return id
}

import { albumRoutes } from '@imagehost/contract/albums'
import type { FastifyInstance } from 'fastify'
import { type AlbumImages, walkAlbum } from '../services/album-images.ts'
import type { Albums } from '../services/albums.ts'
import type { HeldImages } from '../services/held.ts'
import { sendImagesZip } from './images-zip.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentAlbum } from './present/album.ts'
import { presentImage } from './present/image.ts'

interface AlbumServices {
  albums: Albums
  contents: AlbumImages
  heldImages: HeldImages
}

export function albumsHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  { albums, contents, heldImages }: AlbumServices,
): void {
  mount(app, albumRoutes, deps, {
    list: async ({ query }, { caller, origins }) => {
      const { items, nextCursor } = await albums.list(caller, query)
      return {
        items: items.map((album) => presentAlbum(album, origins)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    create: async ({ body }, { caller, origins }) => presentAlbum(await albums.create(caller, body), origins),
    get: async ({ params }, { caller, origins }) => presentAlbum(await albums.get(caller, params.album), origins),
    update: async ({ params, body: { cover_id: coverId, ...changes } }, { caller, origins }) =>
      presentAlbum(await albums.update(caller, params.album, { ...changes, coverId }), origins),
    delete: async ({ params }, { caller }) => {
      await albums.remove(caller, params.album)
      return { status: 'deleted', id: params.album }
    },
    images: async ({ params, query }, { caller, origins }) => {
      const { items, nextCursor } = await contents.page(caller, params.album, query)
      return {
        items: items.map((image) => presentImage(image, origins, caller)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    change: async ({ params, body }, { caller }) => {
      await contents.change(caller, params.album, body)
      return { status: 'changed', id: params.album }
    },
    zip: async ({ params, query: { without } }, { caller, reply }) => {
      const { album } = await albums.get(caller, params.album)
      const unwanted = new Set(without?.split(','))
      const fits = ({ id }: { id: string }) => !unwanted.has(id)
      const images = walkAlbum((request) => contents.page(caller, album.id, { ...request, fits }))
      return sendImagesZip(reply, album.name, images, contents)
    },
    held: async ({ params }, { caller, origins }) => {
      const items = await heldImages.list(caller, params.album)
      return { items: items.map((image) => presentImage(image, origins, caller)) }
    },
    decide: ({ params, body }, { caller }) => heldImages.decide(caller, params.album, body),
    shared: async ({ query }, { caller, origins }) => {
      const { items, nextCursor } = await albums.listShared(caller, query)
      return {
        items: items.map((album) => presentAlbum(album, origins)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
  })
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ImageRecord } from '../ports/images.ts'
import type { ImageReader } from './image-reader.ts'

/** 128 bits of the MAC, base64url. */
const macLength = 22

export type DeleteLinks = ReturnType<typeof createDeleteLinks>

/**
 * Deletes an image for whoever has the link that its upload was answered with. The link is signed, not stored: it is worth
 * nothing once the image is gone, and nobody who reads the database can make one.
 */
export function createDeleteLinks(deps: {
  /** Signs, and verifies. */
  current: Buffer
  /** Only verify. */
  previous: readonly Buffer[]
  reader: ImageReader
  images: { removeByLink(id: string): Promise<void> }
}) {
  const { current, previous, reader, images } = deps

  /** For the answer to an upload, and for nobody else. */
  const tokenFor = (id: string): string => `${id}.${macOf(id, current)}`

  function idOf(token: string): string | undefined {
    const dot = token.lastIndexOf('.')
    const [id, mac] = [token.slice(0, dot), Buffer.from(token.slice(dot + 1))]
    const isOurs = [current, ...previous].some(
      (key) => mac.length === macLength && timingSafeEqual(mac, Buffer.from(macOf(id, key))),
    )
    return isOurs ? id : undefined
  }

  /** The image that the link would delete; undefined if it is gone, or the link no link of ours. */
  async function find(token: string): Promise<ImageRecord | undefined> {
    const id = idOf(token)
    return id === undefined ? undefined : reader.get(id)
  }

  /** Deletes it at once and for good; false if there was nothing to delete. */
  async function redeem(token: string): Promise<boolean> {
    const image = await find(token)
    if (image) await images.removeByLink(image.id)
    return image !== undefined
  }

  return { tokenFor, find, redeem }
}

const macOf = (id: string, key: Buffer): string =>
  createHmac('sha256', key).update(`delete ${id}`).digest('base64url').slice(0, macLength)

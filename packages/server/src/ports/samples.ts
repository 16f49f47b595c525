import assert from 'node:assert/strict'
import type { AlbumLimits } from './album-images.ts'
import type { NewAlbum } from './albums.ts'
import type { ImageRecord } from './images.ts'
import type { MetadataStore } from './metadata-store.ts'
import type { Claim, Draft, DraftLimits } from './uploads.ts'

/** Records for the laws: one account, times in the small thousands. */
export const ownerUid = 'u_anna'

export const draft = (id: string, more: Partial<Draft> = {}): Draft => ({
  id,
  ownerUid,
  key: `uploads/${ownerUid}/${id}/photo.jpg`,
  filename: 'photo.jpg',
  originalFilename: 'Phötö.JPG',
  mime: 'image/jpeg',
  createdAt: 1_000,
  expiresAt: 8_000,
  visibility: 'unlisted',
  staged: true,
  ...more,
})

export const image = (id: string, more: Partial<ImageRecord> = {}): ImageRecord => ({
  id,
  ownerUid,
  key: `uploads/${ownerUid}/${id}/photo.jpg`,
  filename: 'photo.jpg',
  mime: 'image/jpeg',
  createdAt: 1_000,
  views: 0,
  size: 10,
  ...more,
})

export const noLimits: DraftLimits = { maxDrafts: 1_000, reserveBytes: 10 }

/** A lease that begins `second` seconds into the laws' time and lasts ten. */
export const lease = (second = 1_000) => ({ now: second * 1_000, leaseUntil: (second + 10) * 1_000 })

/** Claims a draft that must be free. */
export async function claimed({ uploads }: MetadataStore, id: string, second?: number): Promise<Claim> {
  const result = await uploads.claim(id, lease(second))
  assert.equal(result.state, 'claimed')
  assert.ok('claim' in result)
  return result.claim
}

/** Draft and claim of an upload that is ready to be committed. */
export async function begun(store: MetadataStore, id: string, more: Partial<Draft> = {}): Promise<Claim> {
  assert.equal(await store.uploads.create(draft(id, more), noLimits), 'created')
  return claimed(store, id)
}

/** A committed image. */
export async function stored(store: MetadataStore, id: string, more: Partial<ImageRecord> = {}): Promise<ImageRecord> {
  const claim = await begun(store, id, more.ownerUid === undefined ? {} : { ownerUid: more.ownerUid })
  const record = image(id, more)
  assert.equal(await store.images.commit(record, claim), true)
  await store.uploads.finish(claim)
  return record
}

export const album = (id: string, more: Partial<NewAlbum> = {}): NewAlbum => ({
  id,
  ownerUid,
  name: `Of ${id}`,
  visibility: 'private',
  createdAt: 1_000,
  ...more,
})

export const albumLimits: AlbumLimits = { max: 1_000, maxAlbums: 50 }

/** An album with committed images in it, in this order. */
export async function albumWith(store: MetadataStore, id: string, imageIds: readonly string[]): Promise<void> {
  assert.equal(await store.albums.create(album(id), { max: 1_000 }), true)
  for (const imageId of imageIds) await stored(store, imageId)
  assert.equal(await store.albumImages.add(id, imageIds, albumLimits), 'added')
}

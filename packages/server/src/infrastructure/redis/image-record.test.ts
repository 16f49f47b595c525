import { expect, test } from 'vitest'
import type { ImageRecord } from '../../ports/images.ts'
import { fieldsOfImage, imageFields, imageOf } from './image-record.ts'

/** As Redis answers HMGET. */
const valuesOf = (fields: Record<string, string>) => imageFields.map((name) => fields[name] ?? null)

test('an old record may lack everything but itself', () => {
  expect(imageOf('img_1', valuesOf({ id: 'img_1' }))).toEqual({
    id: 'img_1',
    ownerUid: '',
    key: '',
    filename: 'img_1',
    mime: 'application/octet-stream',
    createdAt: 0,
    views: 0,
  })
})

test('an old record without a key is found by its address', () => {
  const url = 's3://pics/uploads/u_1/img_1/a.png'
  expect(imageOf('img_1', valuesOf({ owner_uid: 'u_1', filename: 'a.png', url }))?.key).toBe('uploads/u_1/img_1/a.png')
})

test('numbers that are none count as 0, and their private decides nothing', () => {
  const broken = { id: 'img_1', created_at: 'yesterday', views: 'NaN', private: '1', mime: '', filename: '' }
  const image = imageOf('img_1', valuesOf(broken))
  expect(image).toMatchObject({ createdAt: 0, views: 0, filename: 'img_1', mime: 'application/octet-stream' })
  expect(image?.visibility).toBeUndefined()
})

test('what can be derived is not stored, and read again', () => {
  const image: ImageRecord = {
    id: 'img_1',
    ownerUid: 'u_1',
    key: 'uploads/u_1/img_1/a.png',
    filename: 'a.png',
    mime: 'image/png',
    createdAt: 5,
    views: 0,
    sha256: 'ab'.repeat(32),
  }
  for (const key of [image.key, 'elsewhere']) {
    const flat = fieldsOfImage({ ...image, key }, 1)
    const fields = Object.fromEntries(flat.map((name, at) => [name, flat[at + 1]!]).filter((_, at) => at % 2 === 0))
    expect('key' in fields).toBe(key === 'elsewhere')
    expect(fields.id ?? fields.url ?? fields.views).toBeUndefined()
    expect(imageOf('img_1', valuesOf(fields))).toEqual({ ...image, key })
  }
})

test('no hash is no image', () => {
  expect(imageOf('img_1', valuesOf({}))).toBeUndefined()
})

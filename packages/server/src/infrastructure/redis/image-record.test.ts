import { expect, test } from 'vitest'
import { fieldsOfImage, imageOf } from './image-record.ts'

test('an old record may lack everything but itself', () => {
  expect(imageOf('img_1', { private: '1' })).toEqual({
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
  const image = imageOf('img_1', { owner_uid: 'u_1', filename: 'a.png', url: 's3://pics/uploads/u_1/img_1/a.png' })
  expect(image?.key).toBe('uploads/u_1/img_1/a.png')
})

test('numbers that are none count as 0, and their private decides nothing', () => {
  const image = imageOf('img_1', { created_at: 'yesterday', views: 'NaN', private: '1', mime: '', filename: '' })
  expect(image).toMatchObject({ createdAt: 0, views: 0, filename: 'img_1', mime: 'application/octet-stream' })
  expect(image?.visibility).toBeUndefined()
})

test('what can be derived is not stored', () => {
  const image = { id: 'img_1', ownerUid: 'u_1', filename: 'a.png', mime: 'image/png', createdAt: 5, views: 0 }
  const names = (key: string) => fieldsOfImage({ ...image, key }).filter((_, at) => at % 2 === 0)
  expect(names('uploads/u_1/img_1/a.png')).toEqual(['owner_uid', 'created_at', 'mime', 'filename'])
  expect(names('elsewhere')).toEqual(['owner_uid', 'created_at', 'mime', 'filename', 'key'])
})

test('no hash is no image', () => {
  expect(imageOf('img_1', {})).toBeUndefined()
})

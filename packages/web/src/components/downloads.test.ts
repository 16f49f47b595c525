import { expect, test } from 'vitest'
import { addressesOf } from './downloads.ts'
import type { Selection } from './grid/selection.ts'
import type { Sketch } from './grid/sketch.ts'

const chosen = (count: number, all?: Selection['all']): Selection => ({
  picked: new Map(Array.from({ length: count }, (_, n) => [`img_${n}`, {} as Sketch])),
  ...(all && { all }),
})
const queryOf = (address = '') => Object.fromEntries(new URL(address, 'http://images.test').searchParams)

test('one picture comes as it is', () => {
  expect(addressesOf(chosen(1))).toEqual(['/i/img_0?download'])
})

test('several come as one zip, in the order in which they were chosen', () => {
  const [zip, ...more] = addressesOf(chosen(3)) ?? []
  expect(more).toEqual([])
  expect(queryOf(zip)).toEqual({ ids: 'img_0,img_1,img_2' })
})

test('no zip has an address that is too long, and each picture is in one of them', () => {
  const zips = addressesOf(chosen(450)) ?? []
  const ids = zips.map((zip) => queryOf(zip).ids!.split(','))
  expect(ids.map(({ length }) => length)).toEqual([200, 200, 50])
  expect(new Set(ids.flat()).size).toBe(450)
})

test('all that a filter finds come as one zip, but those that were taken out again', () => {
  const all = { filter: { q: 'zürich & more', visibility: 'private' as const }, count: 90_000 }
  expect(addressesOf(chosen(0, all))?.map(queryOf)).toEqual([{ q: 'zürich & more', visibility: 'private' }])
  expect(addressesOf(chosen(2, all))?.map(queryOf)).toEqual([
    { q: 'zürich & more', visibility: 'private', without: 'img_0,img_1' },
  ])
})

test('a whole album comes with the pictures of others', () => {
  const all = { filter: { album: 'alb_1' }, count: 12 }
  expect(addressesOf(chosen(0, all))).toEqual(['/api/v1/album/alb_1/zip'])
  expect(addressesOf(chosen(2, all))).toEqual(['/api/v1/album/alb_1/zip?without=img_0%2Cimg_1'])
})

test('more than a browser takes by hand are too many', () => {
  expect(addressesOf(chosen(1_000))).toHaveLength(5)
  expect(addressesOf(chosen(1_001))).toBeUndefined()
  expect(addressesOf(chosen(201, { filter: {}, count: 90_000 }))).toBeUndefined()
})

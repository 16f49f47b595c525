import { expect, test } from 'vitest'
import { patiently } from './patience.ts'
import { MetadataUnavailable } from './ports/metadata-store.ts'

const away = () => Promise.reject(new MetadataUnavailable('Redis: The client is offline'))

test('a database that is away for a moment is asked again', async () => {
  const answers = [away, away, async () => 'here']
  expect(await patiently(() => answers.shift()!(), 5_000)).toBe('here')
  expect(answers).toEqual([])
})

test('one that stays away is given up, and a mistake is none of its', async () => {
  expect(await patiently(away, 0)).toBeUndefined()
  await expect(patiently(() => Promise.reject(new TypeError('ours')), 5_000)).rejects.toThrow('ours')
})

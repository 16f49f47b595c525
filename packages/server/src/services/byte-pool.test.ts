import { expect, test } from 'vitest'
import { createBytePool } from './byte-pool.ts'

const megabyte = 1024 * 1024

test('what was given is taken again, by pictures of about its size', () => {
  const pool = createBytePool({ keptBytes: 8 * megabyte })
  const first = pool.take(megabyte)
  expect(first).toHaveLength(megabyte)
  pool.give(first)
  expect(pool.take(5000).buffer).not.toBe(first.buffer)
  const second = pool.take(megabyte - 1000)
  expect(second.buffer).toBe(first.buffer)
  expect(second).toHaveLength(megabyte - 1000)
  expect(pool.take(megabyte).buffer).not.toBe(first.buffer)
})

test('nothing is handed to two, however often it is given', () => {
  const pool = createBytePool({ keptBytes: 8 * megabyte })
  const bytes = pool.take(megabyte)
  pool.give(bytes)
  pool.give(bytes)
  expect(pool.take(megabyte).buffer).not.toBe(pool.take(megabyte).buffer)
})

test('no more is kept than it may, and nothing that is not its own', () => {
  const pool = createBytePool({ keptBytes: 2 * megabyte })
  const all = [1, 2, 3].map(() => pool.take(megabyte))
  for (const bytes of all) pool.give(bytes)
  expect(pool.held()).toBe(2 * megabyte)
  const other = createBytePool({ keptBytes: megabyte })
  other.give(Buffer.from(new ArrayBuffer(megabyte)))
  expect(other.held()).toBe(0)
})

import { expect, test, vi } from 'vitest'
import { timed } from './timed.ts'

test('calls are named by their port, measured, and answered as ever', async () => {
  const calls: [string, string][] = []
  const failure = new Error('away')
  const store = {
    engine: 'sqlite',
    ping: async () => 'pong',
    images: {
      get: async (id: string) => `image ${id}`,
      remove: async () => {
        throw failure
      },
      key: (id: string) => `key ${id}`,
    },
  }
  const measured = timed(store, (call, seconds, outcome) => {
    expect(seconds).toBeGreaterThanOrEqual(0)
    calls.push([call, outcome])
  })
  expect(measured.engine).toBe('sqlite')
  expect(await measured.ping()).toBe('pong')
  expect(await measured.images.get('7')).toBe('image 7')
  await expect(measured.images.remove()).rejects.toBe(failure)
  expect(measured.images.key('7')).toBe('key 7')
  await vi.waitFor(() =>
    expect(calls).toEqual([
      ['ping', 'ok'],
      ['images.get', 'ok'],
      ['images.remove', 'error'],
    ]),
  )
})

import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blobListLaw, blobStoreLaw } from '../../ports/blob-store.conformance.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import { startTestStore } from './start-test-store.ts'

let house: Awaited<ReturnType<typeof startTestStore>>
beforeAll(async () => {
  house = await startTestStore()
})
afterAll(() => house.stop())

/** Each breaks one promise of a good store; the law has to notice. */
const faults: Record<string, { notices: string; fault: (good: BlobStore) => Partial<BlobStore> }> = {
  'looks whether something is there, and then writes': {
    notices: 'lets exactly one of 16 parallel writers in where nothing may be replaced',
    fault: (good) => ({
      put: async (key, body, { ifAbsent, ...options }) =>
        ifAbsent && (await good.stat(key)) ? false : good.put(key, body, options),
    }),
  },
  'keeps what arrived of a broken stream': {
    notices: 'stores nothing of a stream that breaks, and says what broke it',
    fault: (good) => ({
      async put(key, body, options) {
        if (Buffer.isBuffer(body)) return good.put(key, body, options)
        const chunks: Buffer[] = []
        try {
          for await (const chunk of body) chunks.push(chunk)
        } catch (error) {
          const arrived = Buffer.concat(chunks)
          await good.put(key, arrived, { ...options, size: arrived.length })
          throw error
        }
        return good.put(key, Buffer.concat(chunks), options)
      },
    }),
  },
  'believes the announced size': {
    notices: 'stores nothing of bytes that are more or fewer than announced',
    fault: (good) => ({
      async put(key, body, options) {
        const bytes = Buffer.isBuffer(body) ? body : await buffer(body)
        return good.put(key, bytes, { ...options, size: bytes.length })
      },
    }),
  },
  'takes the end of a range as exclusive': {
    notices: 'reads ranges, both ends inclusive',
    fault: (good) => ({ open: (key, range) => good.open(key, range && { ...range, end: range.end - 1 }) }),
  },
  'replaces by deleting first': {
    notices: 'keeps the old bytes when their replacement breaks',
    fault: (good) => ({
      async put(key, body, options) {
        if (!options.ifAbsent) await good.delete(key)
        return good.put(key, body, options)
      },
    }),
  },
  'does not escape names in its addresses': {
    notices: 'holds bytes under any other name, and addresses lead to them',
    fault: (good) => ({ presignGet: async (key, options) => decodeURIComponent(await good.presignGet(key, options)) }),
  },
  'forgets the label in a copy': {
    notices: 'keeps a label with its bytes and their copies, until they are replaced or deleted',
    fault: (good) => ({
      async copy(from, to) {
        const bytes = await good.read(from, 10_000_000)
        return bytes !== undefined && good.put(to, bytes, { contentType: 'image/png', size: bytes.length })
      },
    }),
  },
  'keeps the label of what it has replaced': {
    notices: 'keeps a label with its bytes and their copies, until they are replaced or deleted',
    fault: (good) => ({
      async put(key, body, options) {
        const label = options.label ?? (await good.findLabel(key))
        return good.put(key, body, { ...options, ...(label && { label }) })
      },
    }),
  },
  'takes the label of whoever comes last': {
    notices: 'keeps the label of the one writer that came first where nothing may be replaced',
    fault: (good) => {
      const labels = new Map<string, string>()
      return {
        async put(key, body, { label, ...options }) {
          const isWritten = await good.put(key, body, options)
          if (label !== undefined) labels.set(key, label)
          return isWritten
        },
        findLabel: async (key) => labels.get(key),
      }
    },
  },
  'lists in no order': {
    notices: 'lists by prefix, in ASCII order, with sizes and times',
    fault: (good) => ({
      async *list(prefix) {
        yield* (await Array.fromAsync(good.list(prefix))).reverse()
      },
    }),
  },
}

it.each(Object.entries(faults))('the law notices a store that %s', async (_, { notices, fault }) => {
  const blobs = { ...house.blobs, ...fault(house.blobs) }
  const check = { ...blobStoreLaw, ...blobListLaw }[notices]!
  await expect(check({ blobs, twoHoursAgo: house.blobs })).rejects.toThrow()
})

it('the law notices presigned addresses that take any type', async () => {
  const { signedPaths } = house.blobs
  house.serveWith({
    handle: (request) =>
      signedPaths.handle({ ...request, contentType: new URL(request.url, 'http://x').searchParams.get('type') ?? '' }),
  })
  const check = blobStoreLaw['takes other bytes at a presigned address than it was signed for, never']!
  await expect(check({ blobs: house.blobs, twoHoursAgo: house.blobs })).rejects.toThrow('another type')
  house.serveWith(signedPaths)
})

it('the law notices presigned addresses that never end', async () => {
  const check = blobStoreLaw['gives bytes at a presigned address that was altered or has ended, never']!
  await expect(check({ blobs: house.blobs, twoHoursAgo: house.blobs })).rejects.toThrow('after its end')
})

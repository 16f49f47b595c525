import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type BlobStoreSubject, presigningLaw } from './blob-presigning.conformance.ts'
import { breaking, hostileKeys, inPieces, newKey, oddNames, store, stored } from './blob-samples.conformance.ts'
import { maxLabelLength } from './blob-store.ts'
import type { Law } from './law.ts'

/** What every blob store does with the rights to put, get and delete; see `blobListLaw` for the rest. */
export const blobStoreLaw: Law<BlobStoreSubject> = {
  async 'gives back the bytes that were put, be it from a Buffer or from a stream'({ blobs }) {
    for (const size of [0, 1, 100_000, 3_000_000]) {
      const bytes = randomBytes(size)
      for (const body of [bytes, inPieces(bytes)]) {
        const key = newKey()
        assert.equal(await blobs.put(key, body, { contentType: 'image/png', size }), true)
        assert.ok(bytes.equals((await blobs.read(key, size))!), `${size} bytes read`)
        const opened = (await blobs.open(key))!
        assert.equal(opened.size, size)
        assert.ok(bytes.equals(await buffer(opened.stream)), `${size} bytes streamed`)
        assert.equal((await blobs.stat(key))!.size, size)
      }
    }
  },

  async 'answers absence with undefined or false'({ blobs }) {
    const key = newKey()
    assert.equal(await blobs.stat(key), undefined)
    assert.equal(await blobs.open(key), undefined)
    assert.equal(await blobs.open(key, { start: 0, end: 0 }), undefined)
    assert.equal(await blobs.read(key, 1), undefined)
    assert.equal(await blobs.copy(key, newKey()), false)
    await store(blobs, `${key}/below`)
    assert.equal(await blobs.stat(key), undefined, 'a folder is no blob')
    assert.equal(await blobs.read(key, 1), undefined)
  },

  async 'replaces what is there'({ blobs }) {
    const key = newKey()
    await store(blobs, key)
    const bytes = await store(blobs, key)
    assert.ok(bytes.equals((await blobs.read(key, bytes.length))!))
  },

  async 'lets exactly one of 16 parallel writers in where nothing may be replaced'({ blobs }) {
    for (const body of [(bytes: Buffer) => bytes, inPieces]) {
      const key = newKey()
      const bodies = Array.from({ length: 16 }, (_, index) => Buffer.alloc(200_000, index + 1))
      const wins = await Promise.all(
        bodies.map((bytes) =>
          blobs.put(key, body(bytes), { contentType: 'image/png', size: bytes.length, ifAbsent: true }),
        ),
      )
      assert.equal(wins.filter(Boolean).length, 1)
      assert.ok(bodies[wins.indexOf(true)]!.equals((await blobs.read(key, 200_000))!), 'the bytes of the winner')
    }
  },

  async 'leaves what is there alone where nothing may be replaced'({ blobs }) {
    const key = newKey()
    const first = await store(blobs, key)
    const late = { contentType: 'image/png', size: 5, ifAbsent: true }
    assert.equal(await blobs.put(key, Buffer.from('later'), late), false)
    assert.equal(await blobs.put(key, inPieces(Buffer.from('later')), late), false)
    assert.ok(first.equals((await blobs.read(key, first.length))!))
  },

  async 'stores nothing of a stream that breaks, and says what broke it'({ blobs }) {
    for (const ifAbsent of [false, true]) {
      const key = newKey()
      const options = { contentType: 'image/png', size: 500_000, ifAbsent }
      await assert.rejects(blobs.put(key, breaking(), options), /^Error: the client left$/)
      assert.equal(await blobs.stat(key), undefined)
    }
  },

  async 'stores nothing of bytes that are more or fewer than announced'({ blobs }) {
    const bytes = randomBytes(100_000)
    for (const size of [99_999, 100_001, 0]) {
      for (const body of [bytes, inPieces(bytes)]) {
        const key = newKey()
        await assert.rejects(blobs.put(key, body, { contentType: 'image/png', size }), RangeError)
        assert.equal(await blobs.stat(key), undefined)
      }
    }
  },

  async 'stores nothing of a stream that goes on behind the announced size, however late'({ blobs }) {
    const key = newKey()
    async function* tooMuch() {
      yield Buffer.alloc(1_000)
      for (let look = 0; look < 20 && !(await blobs.stat(key)); look++);
      yield Buffer.alloc(1)
    }
    const body = Readable.from(tooMuch(), { objectMode: false })
    await assert.rejects(blobs.put(key, body, { contentType: 'image/png', size: 1_000 }), RangeError)
    assert.equal(await blobs.stat(key), undefined)
  },

  async 'keeps the old bytes when their replacement breaks'({ blobs }) {
    const key = newKey()
    const bytes = await store(blobs, key)
    await assert.rejects(blobs.put(key, breaking(), { contentType: 'image/png', size: 500_000 }))
    await assert.rejects(blobs.put(key, inPieces(randomBytes(10)), { contentType: 'image/png', size: 11 }), RangeError)
    assert.ok(bytes.equals((await blobs.read(key, bytes.length))!))
  },

  async 'never shows a part of what is being written'({ blobs }) {
    const key = newKey()
    const write = async () => {
      for (let round = 1; round <= 8; round++) {
        const bytes = Buffer.alloc(300_000, round)
        await blobs.put(key, inPieces(bytes), { contentType: 'image/png', size: bytes.length })
      }
      return 'written' as const
    }
    const writing = write()
    for (let done = false; !done; ) {
      const bytes = await blobs.read(key, 300_000)
      if (bytes) assert.ok(bytes.equals(Buffer.alloc(300_000, bytes[0])), 'one version, whole')
      done = (await Promise.race([writing, 'writing' as const])) === 'written'
    }
  },

  async 'reads ranges, both ends inclusive'({ blobs }) {
    const key = newKey()
    const bytes = await store(blobs, key, 2_500_000)
    for (const [start, end] of [
      [0, 0],
      [10, 19],
      [2_499_999, 2_499_999],
      [1, 2_400_000],
      [2_000_000, 2_600_000],
    ] as const) {
      const { stream, size } = (await blobs.open(key, { start, end }))!
      assert.equal(size, bytes.length, 'the size of the whole')
      assert.ok(bytes.subarray(start, end + 1).equals(await buffer(stream)), `${start}-${end}`)
    }
    await assert.rejects(blobs.open(key, { start: 2_500_000, end: 2_500_001 }), RangeError)
  },

  async 'reads nothing that is over the limit'({ blobs }) {
    const key = newKey()
    await store(blobs, key, 1_000)
    await assert.rejects(blobs.read(key, 999), RangeError)
    assert.equal((await blobs.read(key, 1_000))!.length, 1_000)
  },

  async 'reads into the memory that it is given'({ blobs }) {
    for (const size of [1, 300_000]) {
      const key = newKey()
      const bytes = await store(blobs, key, size)
      const memory = Buffer.alloc(size + 10)
      const read = await blobs.read(key, size, (asked) => memory.subarray(5, 5 + asked))
      assert.ok(bytes.equals(read!))
      assert.ok(bytes.equals(memory.subarray(5, 5 + size)))
    }
  },

  async 'lets a reader go before the end'({ blobs }) {
    const key = newKey()
    const bytes = await store(blobs, key, 3_000_000)
    for (let round = 0; round < 100; round++) {
      const { stream } = (await blobs.open(key))!
      stream.destroy()
    }
    assert.ok(bytes.equals(await buffer((await blobs.open(key))!.stream)))
  },

  async 'copies, and replaces what was there'({ blobs }) {
    const [from, to] = [newKey(), newKey()]
    const bytes = await store(blobs, from, 1_500_000)
    await store(blobs, to)
    assert.equal(await blobs.copy(from, to), true)
    assert.ok(bytes.equals((await blobs.read(to, bytes.length))!))
    assert.ok(bytes.equals((await blobs.read(from, bytes.length))!))
  },

  async 'keeps a label with its bytes and their copies, until they are replaced or deleted'({ blobs }) {
    const [key, copied] = [newKey(), newKey()]
    const bytes = randomBytes(1_000)
    for (const [label, ifAbsent] of [
      ['x'.repeat(maxLabelLength), true],
      ['another, later', false],
    ] as const) {
      for (const body of ifAbsent ? [bytes] : [bytes, inPieces(bytes)])
        await blobs.put(key, body, { contentType: 'image/png', size: 1_000, ifAbsent, label })
      assert.equal(await blobs.findLabel(key), label)
      await blobs.copy(key, copied)
      assert.equal(await blobs.findLabel(copied), label)
    }
    assert.ok(bytes.equals((await blobs.read(key, 1_000))!), 'and it is none of them')
    await store(blobs, key)
    assert.equal(await blobs.findLabel(key), undefined, 'replaced')
    await blobs.delete(copied)
    assert.equal(await blobs.findLabel(copied), undefined, 'deleted')
    await store(blobs, copied)
    assert.equal(await blobs.findLabel(copied), undefined, 'new bytes there')
    assert.equal(await blobs.findLabel(newKey()), undefined)
  },

  async 'keeps the label of the one writer that came first where nothing may be replaced'({ blobs }) {
    const key = newKey()
    const bodies = Array.from({ length: 16 }, (_, index) => Buffer.alloc(1_000, index + 1))
    const put = { contentType: 'image/png', size: 1_000, ifAbsent: true }
    await Promise.all(bodies.map((body, index) => blobs.put(key, body, { ...put, label: `of ${index}` })))
    await blobs.put(key, Buffer.alloc(1_000), { ...put, label: 'of nobody' })
    const kept = (await blobs.read(key, 1_000))!
    assert.equal(await blobs.findLabel(key), `of ${kept[0]! - 1}`)
  },

  async 'deletes, and does no harm where nothing is'({ blobs }) {
    const [key, neighbour] = [newKey(), newKey()]
    await store(blobs, key)
    const bytes = await store(blobs, neighbour)
    await blobs.delete(key)
    assert.equal(await blobs.stat(key), undefined)
    await blobs.delete(key)
    await blobs.delete(`${key}/below`)
    assert.ok(bytes.equals((await blobs.read(neighbour, bytes.length))!))
  },

  async 'loses no bytes whose neighbours are deleted meanwhile'({ blobs }) {
    const folder = newKey()
    await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        for (let round = 0; round < 8; round++) {
          const key = `${folder}/shared/${index}`
          const bytes = await store(blobs, key)
          assert.ok(bytes.equals((await blobs.read(key, bytes.length))!))
          await blobs.delete(key)
        }
        await store(blobs, `${folder}/shared/${index}`)
      }),
    )
    for (let index = 0; index < 16; index++) assert.ok(await blobs.stat(`${folder}/shared/${index}`))
  },

  async 'holds bytes under any other name, and addresses lead to them'({ blobs }) {
    for (const name of oddNames) {
      const key = `${newKey()}/${name}`
      const bytes = await store(blobs, key)
      assert.ok(bytes.equals((await blobs.read(key, bytes.length))!), name)
      assert.equal((await blobs.stat(key))?.size, bytes.length)
      assert.equal(await blobs.copy(key, `${key}.copy`), true)
      const url = await blobs.presignGet(`${key}.copy`, { contentType: 'image/png', expiresInSeconds: 60 })
      assert.ok(bytes.equals(Buffer.from(await (await fetch(url)).arrayBuffer())), url)
      await blobs.delete(key)
      assert.equal(await blobs.stat(key), undefined)
    }
  },

  async 'refuses keys that could lead out of their place'({ blobs }) {
    for (const key of hostileKeys) {
      const refused = (work: () => unknown) => assert.rejects(async () => work(), TypeError, JSON.stringify(key))
      await refused(() => blobs.put(key, Buffer.from('x'), { contentType: 'image/png', size: 1 }))
      await refused(() => blobs.open(key))
      await refused(() => blobs.read(key, 1))
      await refused(() => blobs.stat(key))
      await refused(() => blobs.findLabel(key))
      await refused(() => blobs.copy(key, newKey()))
      await refused(async () => blobs.copy(await stored(blobs), key))
      await refused(() => blobs.delete(key))
      await refused(() => blobs.presignPut(key, { contentType: 'image/png', expiresInSeconds: 60 }))
      await refused(() => blobs.presignGet(key, { contentType: 'image/png', expiresInSeconds: 60 }))
    }
  },

  ...presigningLaw,

  async 'answers a ping'({ blobs }) {
    await blobs.ping()
  },
}

/** What a store does with the right to list besides. */
export const blobListLaw: Law<BlobStoreSubject> = {
  async 'lists by prefix, in ASCII order, with sizes and times'({ blobs }) {
    const root = newKey()
    const names = ['a', 'a-b', 'a.c/d', 'a/b', 'a/b-c', 'a0', 'A/b', 'b/c/d/e', 'b_c']
      .map((name) => `${root}/${name}`)
      .filter((name) => name !== `${root}/a`)
    for (const name of names.toReversed()) await store(blobs, name, name.length)
    const now = Date.now() / 1000
    const list = async (prefix: string) => (await Array.fromAsync(blobs.list(prefix))).map(({ key }) => key)
    assert.deepEqual(await list(`${root}/`), names.toSorted(byCharacterCode))
    assert.deepEqual(
      await list(`${root}/a`),
      names.filter((name) => name.startsWith(`${root}/a`)).toSorted(byCharacterCode),
    )
    assert.deepEqual(await list(`${root}/a/b`), [`${root}/a/b`, `${root}/a/b-c`])
    assert.deepEqual(await list(`${root}/nothing`), [])
    for await (const { key, size, modifiedAt } of blobs.list(`${root}/`)) {
      assert.equal(size, key.length)
      assert.ok(Math.abs(modifiedAt - now) < 120)
    }
  },

  async 'refuses prefixes that could lead out of their place'({ blobs }) {
    for (const prefix of ['../', '/', 'a/../', './', 'a//b', '.tmp/', 'a\0'])
      await assert.rejects(async () => Array.fromAsync(blobs.list(prefix)), TypeError, JSON.stringify(prefix))
  },
}

const byCharacterCode = (a: string, b: string): number => (a < b ? -1 : 1)

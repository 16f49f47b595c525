import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSpool } from './spool.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'spool-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Files of the spool that this process holds. Only Linux tells. */
const openFiles = () =>
  process.platform === 'linux'
    ? readdirSync('/proc/self/fd')
        .map(fileOf)
        .filter((name) => name.startsWith(directory))
    : []

function fileOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ''
  }
}

const MiB = 1024 * 1024
const inPieces = (bytes: Buffer, piece: number) =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
    })(),
  )

test.each([
  ['small: in memory', 1000, 1000],
  ['large: in a file', 3 * MiB, 0],
])('%s', async (_, size, inMemory) => {
  const spool = createSpool({ directory, maxBytes: 4 * MiB, memoryBytes: 8 * MiB })
  const bytes = randomBytes(size)
  const body = await spool.collect(inPieces(bytes, 65_536))
  expect(body.size).toBe(size)
  expect(body.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect((await body.read()).equals(bytes)).toBe(true)
  expect(spool.usedBytes()).toBe(inMemory)
  // No name that a crash could leave.
  expect(readdirSync(directory)).toEqual([])
  await body.dispose()
  await body.dispose()
  expect(openFiles()).toEqual([])
  expect(spool.usedBytes()).toBe(0)
})

test('small bodies go to files as well once they hold too much memory together', async () => {
  const spool = createSpool({ directory, maxBytes: MiB, memoryBytes: 2500 })
  const bodies = [
    await spool.collect(inPieces(randomBytes(2000), 500)),
    await spool.collect(inPieces(randomBytes(2000), 500)),
  ]
  expect(spool.usedBytes()).toBeLessThanOrEqual(2500)
  expect((await bodies[1]!.read()).length).toBe(2000)
  await Promise.all(bodies.map((body) => body.dispose()))
  expect(spool.usedBytes()).toBe(0)
})

test('too much is refused with the limit, and leaves nothing behind', async () => {
  const spool = createSpool({ directory, maxBytes: 2 * MiB, memoryBytes: 8 * MiB })
  await expect(spool.collect(inPieces(randomBytes(3 * MiB), 65_536))).rejects.toMatchObject({
    code: 'too_large',
    details: { max: 2 * MiB },
  })
  expect(openFiles()).toEqual([])
  expect(spool.usedBytes()).toBe(0)
})

test('a sender that goes away leaves nothing behind', async () => {
  const spool = createSpool({ directory, maxBytes: 8 * MiB, memoryBytes: 8 * MiB })
  const broken = Readable.from(
    (async function* () {
      yield randomBytes(2 * MiB)
      throw new Error('connection lost')
    })(),
  )
  await expect(spool.collect(broken)).rejects.toThrow('connection lost')
  expect(openFiles()).toEqual([])
  expect(spool.usedBytes()).toBe(0)
})

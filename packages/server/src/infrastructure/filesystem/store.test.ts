import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobListLaw, blobStoreLaw } from '../../ports/blob-store.conformance.ts'
import { BlobsUnavailable } from '../../ports/blob-store.ts'
import { startTestStore } from './start-test-store.ts'
import { unavailableIfDisk } from './system-errors.ts'

let house: Awaited<ReturnType<typeof startTestStore>>
beforeAll(async () => {
  house = await startTestStore()
})
afterAll(() => house.stop())

const png = (size: number) => ({ contentType: 'image/png', size })

describe('the law', () => {
  for (const [promise, check] of Object.entries({ ...blobStoreLaw, ...blobListLaw })) {
    it(promise, async () => {
      const twoHoursAgo = await house.openStore({ clock: { now: () => Date.now() - 7_200_000 } })
      await check({ blobs: house.blobs, twoHoursAgo })
    })
  }
})

it('leaves neither temporary files nor empty folders behind', async () => {
  const { blobs, directory } = house
  await blobs.put('uploads/u/i/a.png', Buffer.from('x'), png(1))
  await expect(blobs.put('uploads/u/i/b.png', Readable.from(['ab']), png(1))).rejects.toThrow(RangeError)
  await expect(blobs.put('uploads/u/i/c.png', Buffer.from('x'), png(2))).rejects.toThrow(RangeError)
  expect(await blobs.put('uploads/u/i/a.png', Buffer.from('y'), { ...png(1), ifAbsent: true })).toBe(false)
  await blobs.delete('uploads/u/i/a.png')
  expect(await readdir(join(directory, '.tmp'))).toEqual([])
  expect(await readdir(directory)).not.toContain('uploads')
})

it('keeps a folder in which something is left', async () => {
  await house.blobs.put('kept/u/a.png', Buffer.from('x'), png(1))
  await house.blobs.put('kept/u/b.png', Buffer.from('x'), png(1))
  await house.blobs.delete('kept/u/a.png')
  expect(await readdir(join(house.directory, 'kept/u'))).toEqual(['b.png'])
})

it('removes at start what a crash left more than a day ago, and nothing younger', async () => {
  const old = join(house.directory, '.tmp', 'old')
  const young = join(house.directory, '.tmp', 'young')
  await writeFile(old, 'x')
  await writeFile(young, 'x')
  const dayAndMinuteAgo = Date.now() / 1000 - 86_460
  await utimes(old, dayAndMinuteAgo, dayAndMinuteAgo)
  await house.openStore()
  expect(await readdir(join(house.directory, '.tmp'))).toEqual(['young'])
  await rm(young)
})

it('follows no symbolic link, to a file or on the way to one', async () => {
  const { blobs, directory } = house
  const outside = `${directory}-outside`
  await mkdir(outside)
  await mkdir(join(directory, 'links'))
  try {
    await writeFile(join(outside, 'secret'), 'secret')
    await symlink(join(outside, 'secret'), join(directory, 'links/file'))
    await symlink(outside, join(directory, 'links/folder'))
    expect(await blobs.stat('links/file')).toBeUndefined()
    expect(await blobs.open('links/file')).toBeUndefined()
    expect(await blobs.read('links/file', 100)).toBeUndefined()
    expect(await Array.fromAsync(blobs.list('links/'))).toEqual([])
    expect(await Array.fromAsync(blobs.list('links/folder/'))).toEqual([])
    await expect(blobs.read('links/folder/secret', 100)).rejects.toThrow('symbolic link')
    await expect(blobs.put('links/folder/new', Buffer.from('x'), png(1))).rejects.toThrow('symbolic link')
    await expect(blobs.put('links/folder/new/er', Buffer.from('x'), png(1))).rejects.toThrow('symbolic link')
    await expect(blobs.delete('links/folder/secret')).rejects.toThrow('symbolic link')
    expect(await readdir(outside)).toEqual(['secret'])

    await blobs.put('links/file', Buffer.from('x'), png(1))
    expect(await readdir(outside)).toEqual(['secret'])
    expect(await blobs.read('links/file', 100)).toEqual(Buffer.from('x'))
  } finally {
    await rm(outside, { recursive: true })
  }
})

it.each(['ENOSPC', 'EIO', 'EROFS', 'EMFILE'])('calls a disk that says %s unavailable', async (code) => {
  const cause = Object.assign(new Error(code), { code })
  const failing = unavailableIfDisk(() => Promise.reject(cause))
  await expect(failing).rejects.toThrow(BlobsUnavailable)
  await expect(failing).rejects.toMatchObject({ cause })
})

it('is unavailable without its folder', async () => {
  const gone = await startTestStore()
  await gone.stop()
  await expect(gone.blobs.ping()).rejects.toThrow(BlobsUnavailable)
})

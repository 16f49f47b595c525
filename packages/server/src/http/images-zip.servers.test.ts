import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sharp } from '../imaging/sharp.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

test('the zip of an album has its images in their order, with names that lead nowhere else, for each what they may see', async () => {
  const app = await startTestApp({ RATE_EXPORT: '0' })
  const owner = await app.user()
  const body = { name: 'Sum/mer', visibility: 'unlisted' } as const
  const { id: album } = await owner.client.albums.create({ body })
  const bytes = await Promise.all([1, 2, 3].map((seed) => pictures.png({ seed })))
  const first = await uploadPicture(app, owner, bytes[0]!, { album, filename: '../../one.png' })
  await uploadPicture(app, owner, bytes[1]!, { album, visibility: 'private', filename: 'private.png' })
  await uploadPicture(app, owner, bytes[2]!, { album, filename: 'two.png' })
  const file = path.join(app.directory, 'album.zip')
  const namesFor = async (headers: Record<string, string>, query = '') => {
    const answer = await app.fetch(`http://images.test/api/v1/album/${album}/zip${query}`, { headers })
    expect(answer.headers.get('content-disposition')).toContain('Sum_mer.zip')
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    execFileSync('unzip', ['-tq', file])
    return execFileSync('unzip', ['-Z1', file], { encoding: 'utf8' }).trim().split('\n')
  }
  const key = { 'x-api-key': owner.apiKey }
  expect(await namesFor(key)).toEqual(['0001 one.png', '0002 private.png', '0003 two.png'])
  expect(execFileSync('unzip', ['-p', file, '0001 one.png']).length).toBe(first.size)
  expect(await namesFor({})).toEqual(['0001 one.png', '0002 two.png'])
  expect(await namesFor(key, `?without=${first.id},img_of_nobody`)).toEqual(['0001 private.png', '0002 two.png'])
  await owner.client.images.delete({ params: { id: first.id } })
  expect(await namesFor({})).toEqual(['0001 two.png'])
  await owner.client.albums.update({ params: { album }, body: { visibility: 'private' } })
  expect((await app.fetch(`http://images.test/api/v1/album/${album}/zip`)).status).toBe(404)
  await app.stop()
})

test('chosen images come in the order in which they are named, those of others too where they may be seen', async () => {
  const app = await startTestApp()
  const [owner, stranger] = [await app.user(), await app.user()]
  const bytes = await Promise.all([1, 2, 3, 4].map((seed) => pictures.png({ seed })))
  const [one, hidden, two] = await Promise.all([
    uploadPicture(app, owner, bytes[0]!, { filename: 'one.png' }),
    uploadPicture(app, owner, bytes[1]!, { filename: 'hidden.png', visibility: 'private', tags: 'night' }),
    uploadPicture(app, owner, bytes[2]!, { filename: 'two.png', tags: 'night' }),
  ])
  const other = await uploadPicture(app, stranger, bytes[3]!, { filename: 'other.png', visibility: 'private' })
  const file = path.join(app.directory, 'chosen.zip')
  const ask = (query: string, { apiKey } = owner) =>
    app.fetch(`http://images.test/api/v1/me/images/zip?${query}`, { headers: { 'x-api-key': apiKey } })
  const namesOf = async (answer: Response) => {
    expect(answer.headers.get('content-disposition')).toContain('imagehost-pictures.zip')
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    execFileSync('unzip', ['-tq', file])
    return execFileSync('unzip', ['-Z1', file], { encoding: 'utf8' }).trim().split('\n')
  }
  const named = `ids=${[two, hidden, one, other, { id: 'img_none' }, two].map(({ id }) => id).join(',')}`
  expect(await namesOf(await ask(named))).toEqual(['0001 two.png', '0002 hidden.png', '0003 one.png'])
  expect(execFileSync('unzip', ['-p', file, '0002 hidden.png']).length).toBe(hidden.size)
  expect(await namesOf(await ask(named, stranger))).toEqual(['0001 two.png', '0002 one.png', '0003 other.png'])
  expect((await ask(`ids=${hidden.id}`, stranger)).status).toBe(404)

  expect((await namesOf(await ask(''))).length).toBe(3)
  expect(await namesOf(await ask('tag=night&visibility=private'))).toEqual(['0001 hidden.png'])
  expect(await namesOf(await ask(`without=${hidden.id},${one.id}`))).toEqual(['0001 two.png'])
  expect((await ask('tag=nothing-of-the-kind')).status).toBe(404)
  expect((await ask(`ids=${one.id}&tag=night`)).status).toBe(400)
  expect((await ask(`ids=${Array(201).fill(one.id).join(',')}`)).status).toBe(400)
  await app.stop()
})

test('what becomes private while a zip is on its way is not in it any more', async () => {
  const app = await startTestApp()
  const [owner, stranger] = [await app.user(), await app.user()]
  // Larger than what the sockets between the two hold, so that the others wait for their turn.
  const side = 1_800
  const noise = await sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
  const [first, second, last] = [
    await uploadPicture(app, owner, noise, { filename: 'first.png' }),
    await uploadPicture(app, owner, await pictures.png({ seed: 2 }), { filename: 'second.png' }),
    await uploadPicture(app, owner, await pictures.png({ seed: 3 }), { filename: 'last.png' }),
  ]
  const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const query = `ids=${[first, second, last].map(({ id }) => id).join(',')}`
  const headers = { 'x-api-key': stranger.apiKey }
  const answer = await fetch(`${address}/api/v1/me/images/zip?${query}`, { headers })
  await owner.client.images.update({ params: { id: second.id }, body: { visibility: 'private' } })
  const zip = Buffer.from(await answer.arrayBuffer())
  expect(zip.length).toBeGreaterThan(noise.length)
  expect([zip.includes('second.png'), zip.includes('0002 last.png')]).toEqual([false, true])
  await app.stop()
})

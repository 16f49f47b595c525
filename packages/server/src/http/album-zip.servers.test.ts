import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
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
  const namesFor = async (headers: Record<string, string>) => {
    const answer = await app.fetch(`http://images.test/api/v1/album/${album}/zip`, { headers })
    expect(answer.headers.get('content-disposition')).toContain('Sum_mer.zip')
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    execFileSync('unzip', ['-tq', file])
    return execFileSync('unzip', ['-Z1', file], { encoding: 'utf8' }).trim().split('\n')
  }
  const key = { 'x-api-key': owner.apiKey }
  expect(await namesFor(key)).toEqual(['0001 one.png', '0002 private.png', '0003 two.png'])
  expect(execFileSync('unzip', ['-p', file, '0001 one.png']).length).toBe(first.size)
  expect(await namesFor({})).toEqual(['0001 one.png', '0002 two.png'])
  await owner.client.images.delete({ params: { id: first.id } })
  expect(await namesFor({})).toEqual(['0001 two.png'])
  await owner.client.albums.update({ params: { album }, body: { visibility: 'private' } })
  expect((await app.fetch(`http://images.test/api/v1/album/${album}/zip`)).status).toBe(404)
  await app.stop()
})

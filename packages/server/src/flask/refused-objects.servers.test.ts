import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { systemClock } from '../ports/clock.ts'
import { flaskUid } from '../testing/flask-deployment.ts'
import { bitFlipped, notPictures, truncated } from '../testing/hostile-pictures.ts'
import { pictures } from '../testing/pictures.ts'
import { type FlaskApp, startFlaskApp } from '../testing/start-flask-app.ts'
import { startTestApp } from '../testing/start-test-app.ts'

const refused: [string, string, () => Promise<Buffer>][] = [
  ['HTML that calls itself PNG', 'image/png', async () => (await notPictures()).html!],
  ['HTML', 'text/html', async () => (await notPictures())['html behind a comment']!],
  ['SVG', 'image/svg+xml', async () => (await notPictures()).svg!],
  ['gzipped SVG', 'image/svg+xml', async () => (await notPictures())['gzipped svg']!],
  ['a film', 'image/jpeg', async () => (await notPictures()).mp4!],
  ['nothing', 'image/jpeg', async () => Buffer.alloc(0)],
  ['half a JPEG', 'image/jpeg', async () => truncated(await pictures.jpeg({ seed: 4, width: 200, height: 200 }))],
  ['a damaged PNG', 'image/png', async () => bitFlipped(await pictures.png({ seed: 4 }))],
]

describe.each(['S3', 'files'] as const)('objects of the Flask project on %s', (store) => {
  let site: FlaskApp
  beforeAll(async () => {
    site = await startFlaskApp(store === 'S3' ? inject('s3') : undefined, { MAX_UPLOAD_BYTES: '300K' })
  })
  afterAll(() => site?.stop())

  test.each(refused)(
    'that are %s are 404 for ever, told once, still listed, and can be deleted',
    async (_, mime, make) => {
      const made = await make()
      const { id, key } = await site.add(made, { mime })
      for (let round = 0; round < 2; round++) {
        for (const answer of [
          await site.redirect(id),
          await site.bytes(id),
          await site.get(`/i/${id}.png`),
          await site.get(`/i/${id}`, { method: 'HEAD' }),
        ]) {
          expect(answer.status).toBe(404)
          expect(answer.headers.get('location')).toBeNull()
          expect(answer.body.includes('script')).toBe(false)
        }
      }
      expect((await site.recordOf(id)).refused).toMatch(/^(unsupported_type|image_corrupt)$/)
      expect((await site.recordOf(id)).sha256).toBeUndefined()
      expect(site.warningsOf(id)).toEqual([expect.objectContaining({ key, owner: flaskUid, code: expect.any(String) })])
      expect((await site.lying(key))!.equals(made)).toBe(true)
      expect(await site.listed(id)).toMatchObject({ id, mime, private: 0 })
      expect(await site.remove(id)).toBe(200)
      expect(await site.app.blobs.stat(key)).toBeUndefined()
      expect(await site.listed(id)).toBeUndefined()
    },
  )

  test('that are over a limit are 404 and nothing is held against them: the limit may be raised', async () => {
    const { id } = await site.add(await pictures.png({ seed: 5, width: 600, height: 600 }), { mime: 'image/png' })
    for (const answer of [await site.bytes(id), await site.redirect(id), await site.bytes(id)])
      expect(answer.status).toBe(404)
    expect((await site.recordOf(id)).refused).toBeUndefined()
    expect(site.warningsOf(id)).toEqual([expect.objectContaining({ code: 'too_large' })])
    expect(await site.listed(id)).toMatchObject({ id })
    const raised = await startTestApp(
      { ...site.settings, DATA_DIR: site.app.directory, MAX_UPLOAD_BYTES: '50M' },
      { clock: systemClock },
    )
    expect((await raised.fetch(`http://images.test/i/${id}`)).status).toBe(200)
    await raised.stop()
  })

  test('that are missing are 404, and nothing is noted: they may come back', async () => {
    const { id, key } = await site.add(undefined)
    for (const answer of [await site.bytes(id), await site.redirect(id)]) expect(answer.status).toBe(404)
    expect((await site.recordOf(id)).refused).toBeUndefined()
    await site.addObject(key, await pictures.jpeg({ seed: 6 }), 'image/jpeg')
    expect((await site.bytes(id)).status).toBe(200)
  })

  test.each([
    '../../../etc/passwd',
    '/etc/passwd',
    'uploads/../secret.png',
    'uploads//a.png',
    'uploads/.hidden.png',
    'a\0.png',
    'a\\b',
    '',
  ])(
    'under a key that nothing can be stored under (%j) are 404, told once, listed, and can be deleted',
    async (key) => {
      const { id } = await site.add(undefined)
      await site.flask.redis.hSet(`img:${id}`, { key, url: '' })
      for (const answer of [await site.bytes(id), await site.redirect(id), await site.bytes(id)])
        expect(answer.status).toBe(404)
      expect(site.warningsOf(id)).toHaveLength(1)
      expect(await site.listed(id)).toMatchObject({ id, key: '' })
      expect(await site.remove(id)).toBe(200)
      expect(await site.listed(id)).toBeUndefined()
    },
  )
})

import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, expect, inject, type TestContext, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../../../scripts/redis/start-redis.ts'
import { uploadSteps } from '../services/upload-steps.ts'
import { pictures } from '../testing/pictures.ts'
import type { TestApp } from '../testing/start-test-app.ts'
import { createUploader, sha256, type Uploader } from '../testing/uploader.ts'
import { draftSeconds, expectWholeOrNothing, isOfDraft, keysIn, leaseSeconds, type Upload } from './outcome.ts'
import { createSite, databases, type House, houses, type Site } from './site.ts'
import { stepsOfComplete } from './steps.ts'

/**
 * The real server dies by kill -9 before the first step of `complete`, between every two and after the last, on each engine and
 * store. Afterwards the call is repeated in one case, and in another nobody repeats it and the sweeper comes.
 */
const steps = await stepsOfComplete()
const moments = [undefined, ...steps]
const casesOf = (some: readonly House[]) =>
  some.flatMap((house) => moments.map((step) => ({ ...house, step, moment: step ?? 'the PUT' })))
/** Crosswise, so that each engine and each store meets both ends at every step. */
const [repeated, swept] = [casesOf([houses[0], houses[3]]), casesOf([houses[1], houses[2]])]

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis({ settings: ['--databases', String(databases)] })
})

afterAll(() => redis.stop())

test('all steps are among the moments of death', () => {
  expect(steps).toEqual(expect.arrayContaining(['claim', ...uploadSteps.map(({ name }) => name), 'store', 'commit']))
})

test.concurrent.for(repeated)(
  '$records, $bytes: killed after $moment and repeated, it is one image',
  async (each, context) => {
    const { site, upload, app, uploader } = await killed(each, each.step, context)
    await expectWholeOrNothing(app, upload, isCommitted(each.step))
    if (each.step && !isCommitted(each.step)) {
      const busy = await uploader.complete(upload.id)
      expect(busy.status).toBe(409)
      expect((await busy.json()).error.code).toBe('upload_in_progress')
      const seconds = Number(busy.headers.get('retry-after'))
      expect(seconds).toBeGreaterThan(0)
      expect(seconds).toBeLessThanOrEqual(leaseSeconds)
      app.pass(seconds)
    }
    const answers = [await uploader.complete(upload.id), await uploader.complete(upload.id)]
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    const [image, again] = await Promise.all(answers.map((answer) => answer.json()))
    expect(again).toEqual(image)
    expect(image.id).toBe(upload.id)
    expect(image.source_sha256).toBe(sha256(await picture()))
    await expectWholeOrNothing(app, upload, true)

    app.pass(draftSeconds)
    await app.sweeper.sweep()
    await expectWholeOrNothing(app, upload, true)
    expect(await keysIn(app)).toEqual([image.key])
    expect((await site.placesOf(upload.id)).filter(isOfDraft)).toEqual([])
  },
)

test.concurrent.for(swept)(
  '$records, $bytes: killed after $moment and never repeated, it is swept',
  async (each, context) => {
    const { site, upload, app, uploader } = await killed(each, each.step, context)
    app.pass(draftSeconds)
    await app.sweeper.sweep()
    await expectWholeOrNothing(app, upload, isCommitted(each.step))
    if (isCommitted(each.step)) {
      expect(await keysIn(app)).toHaveLength(1)
      expect((await site.placesOf(upload.id)).filter(isOfDraft)).toEqual([])
    } else {
      expect(await keysIn(app)).toEqual([])
      expect(await site.placesOf(upload.id)).toEqual([])
      expect((await uploader.complete(upload.id)).status).toBe(404)
    }
  },
)

test.concurrent.for(houses)(
  '$records, $bytes: the server itself, started again, completes it in time',
  async (house, context) => {
    const { site, upload, app } = await killed(house, 'store', context)
    await app.stop()
    const server = await site.start()
    const uploader = createUploader({ url: server.url, apiKey: upload.apiKey })
    const refusals = new Set<number>()
    const completed = async () => {
      const { status } = await uploader.complete(upload.id)
      if (status !== 201) refusals.add(status)
      expect(status).toBe(201)
    }
    await vi.waitFor(completed, { timeout: (leaseSeconds + 5) * 1000, interval: 500 })
    expect(refusals).toEqual(new Set([409]))
    const served = await fetch(`${server.url}/i/${upload.id}`)
    expect(served.headers.get('etag')).toBe(`"${sha256(await served.arrayBuffer())}"`)
  },
)

/** With metadata, so that the bytes served are others than those received. */
const picture = () => pictures.jpegWithGps()

/** Whether an upload that has passed this step is an image. */
const isCommitted = (step: string | undefined): boolean =>
  step !== undefined && steps.indexOf(step) >= steps.indexOf('commit')

interface Scene {
  site: Site
  upload: Upload
  /** The server as it is afterwards. */
  app: TestApp
  /** The sender, who has come back to it. */
  uploader: Uploader
}

/** An upload during whose completion the server died. */
async function killed(house: House, step: string | undefined, { onTestFinished }: TestContext): Promise<Scene> {
  const site = await createSite(house, { redisUrl: redis.url, s3: inject('s3'), onTestFinished })
  const server = await site.start(step)
  const { api_key: apiKey, uid } = await createClient({ baseUrl: server.url }).accounts.issueDevKey()
  const before = createUploader({ url: server.url, apiKey })
  const id = await before.stage(await picture())
  if (step) {
    const cutOff = expect(before.complete(id)).rejects.toThrow()
    await server.stopped
    await server.kill()
    await cutOff
  }
  await server.stop()
  const app = await site.restart()
  const uploader = createUploader({ url: 'http://images.test', apiKey, fetch: app.fetch })
  return { site, upload: { id, apiKey, uid }, app, uploader }
}

import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type RedisServer, startRedis } from '../../../../scripts/redis/start-redis.ts'
import { pictures } from '../testing/pictures.ts'
import { uploadPicture } from '../testing/upload-picture.ts'
import { createUploader } from '../testing/uploader.ts'
import { draftSeconds, expectWholeOrNothing, isOfDraft, keysIn } from './outcome.ts'
import { createSite, databases, houses } from './site.ts'
import { stepsOfComplete } from './steps.ts'

/** The real server dies by kill -9 at each step of an upload in one request, whose sender never learns its id. */
const steps = (await stepsOfComplete()).filter((step) => step !== 'receive')
const cases = houses.flatMap((house) => steps.map((step) => ({ ...house, step })))

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis({ settings: ['--databases', String(databases)] })
})

afterAll(() => redis.stop())

test.concurrent.for(cases)(
  '$records, $bytes: killed after $step, it is whole or gone',
  async ({ step, ...house }, { onTestFinished }) => {
    const site = await createSite(house, { redisUrl: redis.url, s3: inject('s3'), onTestFinished })
    const server = await site.start(step)
    const { api_key: apiKey, uid } = await createClient({ baseUrl: server.url }).accounts.issueDevKey()
    // Too large to wait for its turn in memory.
    const bytes = await pictures.png({ width: 1000, height: 1000, bits: 16 })
    expect(bytes.length).toBeGreaterThan(1024 * 1024)
    const cutOff = expect(createUploader({ url: server.url, apiKey }).send(bytes)).rejects.toThrow()
    await server.stopped
    await server.kill()
    await cutOff

    const app = await site.restart()
    app.pass(draftSeconds)
    await app.sweeper.sweep()
    const { items } = await app.client(apiKey).images.list()
    const isCommitted = steps.indexOf(step) >= steps.indexOf('commit')
    expect(items).toHaveLength(isCommitted ? 1 : 0)
    expect(await keysIn(app)).toEqual(items.map(({ key }) => key))
    expect((await site.placesOf(uid)).filter(isOfDraft)).toEqual([])
    expect(await readdir(path.join(site.directory, 'incoming')).catch(() => [])).toEqual([])

    const repeated = await uploadPicture(app, { apiKey }, bytes)
    expect(repeated.duplicate).toBe(isCommitted ? true : undefined)
    if (isCommitted) expect(repeated.id).toBe(items[0]?.id)
    await expectWholeOrNothing(app, { id: repeated.id, apiKey, uid }, true)
  },
)

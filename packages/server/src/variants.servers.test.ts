import type { Image } from '@imagehost/client'
import { describe, expect, inject, test } from 'vitest'
import { systemClock } from './ports/clock.ts'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { startServerProcess } from './testing/start-server-process.ts'
import { startTestApp, type TestApp } from './testing/start-test-app.ts'
import { uploadPicture } from './testing/upload-picture.ts'
import { sha256 } from './testing/uploader.ts'

/** Variants of several servers on one Redis, or one Cluster, and one bucket; also where nobody may list it. */
const engines: Record<string, Record<string, string>> = {
  Redis: { REDIS_URL: `${inject('redisUrl')}/3` },
  'Redis Cluster': { REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(',') },
}
const secret = { SECRET_KEY: 'of these tests, and of nothing else' }

/** Longer than a variant can be under way, and than a dead server holds the lock of the sweeper. */
const abandonedSeconds = 6 * 60

describe.each(Object.entries(engines))('%s', (_, engine) => {
  // Never back: a sweeper of the test before holds the lock until its own time is over.
  let ahead = 0

  async function startNodes() {
    const bucket = await createBucket(inject('s3'), 'guest')
    const env = { ...engine, ...secret, ...bucket.env }
    const { accessKeyId, secretAccessKey } = inject('s3')
    const owner = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    const steps: string[] = []
    const options = {
      clock: { now: () => systemClock.now() + ahead },
      onStep: (name: string) => void steps.push(name),
    }
    const [here, there] = [await startTestApp(env, options), await startTestApp(env, options)]
    // Only tests look into the bucket.
    const lister = await startTestApp({ ...env, ...owner })
    return {
      env,
      here,
      there,
      makes: () => steps.filter((name) => name === 'variant').length,
      keys: async () => (await Array.fromAsync(lister.blobs.list(''))).map(({ key }) => key),
      pass: (seconds: number) => {
        ahead += seconds * 1000
      },
      stop: () => Promise.all([here.stop(), there.stop(), lister.stop()]),
    }
  }

  const ask = async (app: TestApp, { url }: Image, query: string, apiKey: string) => {
    const answer = await app.fetch(`${url}?${query}`, { headers: { 'x-api-key': apiKey } })
    return { status: answer.status, etag: answer.headers.get('etag'), hash: sha256(await answer.arrayBuffer()) }
  }

  test('what one server made the other finds, and a deletion takes it from the bucket', async () => {
    const { here, there, makes, keys, stop } = await startNodes()
    const { apiKey } = await here.user()
    const image = await uploadPicture(here, { apiKey }, await pictures.jpeg({ width: 300, height: 200 }))
    const first = await ask(here, image, 'w=100', apiKey)
    expect(first.status).toBe(200)
    expect(await ask(there, image, 'w=100', apiKey)).toEqual(first)
    expect(makes()).toBe(1)
    expect(await keys()).toHaveLength(2)
    await there.client(apiKey).images.delete({ params: { id: image.id } })
    expect(await keys()).toEqual([])
    expect(await here.metadata.variants.list(image.id)).toEqual([])
    await stop()
  })

  test('of sixteen who ask both at once, all get the same bytes, made once by each server at most', async () => {
    const { here, there, makes, keys, stop } = await startNodes()
    const { apiKey } = await here.user()
    const image = await uploadPicture(here, { apiKey }, await pictures.jpeg({ width: 300, height: 200 }))
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, at) => ask(at % 2 ? here : there, image, 'w=100&format=webp', apiKey)),
    )
    expect(new Set(answers.map(({ status, etag, hash }) => `${status} ${etag} ${hash}`)).size).toBe(1)
    expect(answers[0]!.status).toBe(200)
    expect(makes()).toBeLessThanOrEqual(2)
    expect(await keys()).toHaveLength(2)
    await stop()
  })

  test.each(['variant begin', 'variant put'])(
    'a server killed after %s, and the image deleted by another: the sweeper leaves nothing',
    async (step) => {
      const { env, here, keys, pass, stop } = await startNodes()
      const { apiKey } = await here.user()
      const image = await uploadPicture(here, { apiKey }, await pictures.jpeg({ width: 300, height: 200 }))
      const doomed = await startServerProcess({ ...env, STOP_AT_STEP: step })
      const headers = { 'x-api-key': apiKey }
      const cutOff = fetch(`${doomed.url}/i/${image.id}?w=100`, { headers }).catch(() => undefined)
      await doomed.stopped
      await here.client(apiKey).images.delete({ params: { id: image.id } })
      await doomed.kill()
      await cutOff
      pass(abandonedSeconds)
      await here.sweeper.sweep()
      expect(await here.metadata.variants.list(image.id)).toEqual([])
      expect(await keys()).toEqual([])
      await Promise.all([stop(), doomed.stop()])
    },
  )

  test('a server paused before its put, that wakes up when all is over, takes its bytes away again', async () => {
    const { env, here, keys, pass, stop } = await startNodes()
    const { apiKey } = await here.user()
    const image = await uploadPicture(here, { apiKey }, await pictures.jpeg({ width: 300, height: 200 }))
    const paused = await startServerProcess({ ...env, STOP_AT_STEP: 'variant begin' })
    const late = fetch(`${paused.url}/i/${image.id}?w=100`, { headers: { 'x-api-key': apiKey } })
    await paused.stopped
    await here.client(apiKey).images.delete({ params: { id: image.id } })
    pass(abandonedSeconds)
    await here.sweeper.sweep()
    await paused.kill('SIGCONT')
    expect((await late).status).toBe(404)
    expect(await keys()).toEqual([])
    await Promise.all([stop(), paused.stop()])
  })

  test('a public address of the bucket does not open variants of private images', async () => {
    const bucket = await createBucket(inject('s3'), 'guest')
    await bucket.publish()
    const app = await startTestApp({ ...engine, ...secret, ...bucket.env }, { clock: systemClock })
    const { apiKey } = await app.user()
    const image = await uploadPicture(app, { apiKey }, await pictures.jpeg())
    await ask(app, image, 'w=10', apiKey)
    const [variant] = await app.metadata.variants.list(image.id)
    const address = `${bucket.env.AWS_ENDPOINT_URL_S3}/${bucket.name}/variants/${image.id}/${variant!.name}`
    expect((await fetch(address)).status).toBe(403)
    await app.stop()
  })
})

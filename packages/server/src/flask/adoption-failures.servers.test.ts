import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { startTestBadLine } from '../infrastructure/s3/start-test-bad-line.ts'
import { createBucket } from '../testing/create-bucket.ts'
import { type FlaskDeployment, flaskKey, flaskUid, startFlaskDeployment } from '../testing/flask-deployment.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

/** An old object is judged by all of its bytes or not at all: what is refused once is refused for ever. */

let flask: FlaskDeployment
let app: TestApp
let line: Awaited<ReturnType<typeof startTestBadLine>>
let failing: string | undefined
let picture: Buffer
let ids = 0
/** Moves the clock of the server. */
let ahead = 0

beforeAll(async () => {
  flask = await startFlaskDeployment()
  await flask.addAccount(flaskUid)
  const { env } = await createBucket(inject('s3'), 'guest')
  line = await startTestBadLine(env.AWS_ENDPOINT_URL_S3!)
  const onStep = (name: string) => {
    if (name === failing) throw new Error(`Out of luck at ${name}`)
  }
  const clock = { now: () => Date.now() + ahead }
  app = await startTestApp({ ...flask.env, ...env, AWS_ENDPOINT_URL_S3: line.endpoint }, { clock, onStep })
  picture = await pictures.jpegWithGps({ seed: 20, width: 1500, height: 1500, quality: 95 })
})
afterAll(async () => {
  await app?.stop()
  line?.stop()
  await flask?.stop()
})

afterEach(() => mend())

function breakAfter(limits: { sent?: number; received?: number }): void {
  line.breakAfter(limits)
  line.cut()
}

const mend = () => breakAfter({ sent: Infinity, received: Infinity })

async function add(): Promise<string> {
  const id = `img_${String(++ids).padStart(8, '0')}`
  const key = `uploads/${flaskUid}/${id}/a.jpg`
  await app.blobs.put(key, picture, { contentType: 'image/jpeg', size: picture.length })
  await flask.addImage(id, { key, mime: 'image/jpeg' })
  return id
}

const see = async (id: string) => {
  const response = await app.fetch(`http://images.test/i/${id}`)
  const code = response.ok ? undefined : (await response.json()).error.code
  return { status: response.status, code, retryAfter: response.headers.get('retry-after') }
}

test('a line that breaks off in the middle of an object says nothing about the object', async () => {
  const id = await add()
  breakAfter({ received: 200_000 })
  expect(picture.length).toBeGreaterThan(400_000)
  expect(await see(id)).toEqual({ status: 503, code: 's3_error', retryAfter: expect.any(String) })
  mend()
  expect((await app.metadata.images.find(id))!.refused).toBeUndefined()
  expect((await see(id)).status).toBe(200)
})

test('a line that breaks before the stripped bytes are stored marks nothing, and the next look does all of it', async () => {
  const id = await add()
  breakAfter({ sent: 100_000 })
  expect(await see(id)).toEqual({ status: 503, code: 's3_error', retryAfter: expect.any(String) })
  expect((await app.metadata.images.find(id))!.sha256).toBeUndefined()
  mend()
  expect((await see(id)).status).toBe(200)
})

test.each(['inspect', 'strip', 'decode'])('a failure of ours at %s is none of the picture', async (step) => {
  const id = await add()
  failing = step
  expect(await see(id)).toMatchObject({ status: 500, code: 'internal_error' })
  failing = undefined
  expect((await app.metadata.images.find(id))!.refused).toBeUndefined()
  expect((await see(id)).status).toBe(200)
})

test('an object that waits for its look can be deleted while the line is broken, and is swept afterwards', async () => {
  const id = await add()
  breakAfter({ sent: 0 })
  await expect(app.client(flaskKey(flaskUid)).images.delete({ params: { id } })).rejects.toMatchObject({
    code: 's3_error',
  })
  expect((await see(id)).status).toBe(404)
  mend()
  const key = `uploads/${flaskUid}/${id}/a.jpg`
  expect(await app.blobs.stat(key)).toBeDefined()
  ahead = 120_000
  expect(await app.sweeper.sweep()).toBe(1)
  expect(await app.blobs.stat(key)).toBeUndefined()
})

import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { pino } from 'pino'
import type { ImageRecord } from '../ports/images.ts'
import { createBucket, type TestStorage } from './create-bucket.ts'
import { flaskKey, flaskUid, startFlaskDeployment } from './flask-deployment.ts'
import { startTestApp, type TestApp } from './start-test-app.ts'

interface FlaskObject {
  id: string
  key: string
}

interface FlaskAnswer {
  status: number
  headers: Headers
  body: Buffer
}

export type FlaskApp = Awaited<ReturnType<typeof startFlaskApp>>

const apiKey = flaskKey(flaskUid)

/** A listening server that has taken a deployment of the Flask project over: its Redis, and its objects on S3 or as files. */
export async function startFlaskApp(s3: TestStorage | undefined, env: Record<string, string> = {}) {
  const flask = await startFlaskDeployment()
  await flask.addAccount(flaskUid)
  const bucket = s3 && (await createBucket(s3, 'guest'))
  const settings = { ...flask.env, ...bucket?.env, PUBLIC_URL: '', ...env }
  const warnings: Record<string, unknown>[] = []
  const steps: string[] = []
  const hooks: { onStep: (name: string) => Promise<void> | void } = { onStep: () => {} }
  let ahead = 0
  let ids = 0
  const options = {
    clock: { now: () => Date.now() + ahead },
    log: pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line)) }),
    onStep: (name: string) => {
      steps.push(name)
      return hooks.onStep(name)
    },
  }
  const app = await startTestApp(settings, options)
  const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const addObject = s3 && bucket ? putByOwner(s3, bucket.name) : putByServer(app)

  const get = async (path: string, init: RequestInit = {}): Promise<FlaskAnswer> => {
    const response = await fetch(address + path, { redirect: 'manual', ...init })
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
  }
  const withKey = { headers: { 'x-api-key': apiKey } }

  return {
    app,
    flask,
    address,
    settings,
    /** Names of the steps so far; empty it to count anew. */
    steps,
    /** Called at each step of a look at a picture. */
    hooks,
    get,
    bytes: (id: string) => get(`/i/${id}`),
    redirect: (id: string) => get(`/api/v1/image/${id}`),
    /** What the address of a redirect leads to. */
    follow: async ({ headers }: FlaskAnswer): Promise<FlaskAnswer> => {
      const response = await fetch(headers.get('location')!)
      return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
    },
    remove: async (id: string) => (await get(`/api/v1/image/${id}`, { method: 'DELETE', ...withKey })).status,
    listed: async (id: string): Promise<Record<string, unknown> | undefined> => {
      const { items } = JSON.parse((await get('/api/v1/me/images?limit=200', withKey)).body.toString())
      return items.find((item: { id: string }) => item.id === id)
    },
    recordOf: async (id: string): Promise<ImageRecord> => (await app.metadata.images.find(id))!,
    lying: (key: string) => app.blobs.read(key, 10_000_000),
    warningsOf: (id: string) => warnings.filter(({ image }) => image === id),
    /** Lets the server forget what it remembers for a moment. */
    passAMoment: () => {
      ahead += 1_000
    },
    addObject,
    /** An image as it was left behind: record, list and, if there are bytes, object. */
    add: async (bytes: Buffer | undefined, { mime = 'image/jpeg', filename = 'a.jpg' } = {}): Promise<FlaskObject> => {
      const id = `img_${String(++ids).padStart(8, '0')}`
      const key = `uploads/${flaskUid}/${id}/${filename}`
      if (bytes) await addObject(key, bytes, mime)
      await flask.addImage(id, { key, filename, mime })
      return { id, key }
    },
    stop: async () => {
      await app.stop()
      await flask.stop()
    },
  }
}

type AddObject = (key: string, bytes: Buffer, contentType: string) => Promise<void>

/** As the owner of the bucket: the server's own user could not have put what its wall refuses. */
function putByOwner({ endpoint, region, accessKeyId, secretAccessKey }: TestStorage, bucket: string): AddObject {
  const admin = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
  return async (Key, Body, ContentType) => {
    await admin.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }))
  }
}

const putByServer =
  ({ blobs }: TestApp): AddObject =>
  async (key, bytes, contentType) => {
    await blobs.put(key, bytes, { contentType, size: bytes.length })
  }

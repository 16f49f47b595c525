import { createServer } from 'node:http'
import { createClient } from 'redis'
import { createPresigner } from '../../packages/server/src/infrastructure/s3/presigner.ts'
import { tellPort } from './tell-port.ts'

/**
 * What an image redirect at least needs where every image is another one: one read of Redis and one address of S3, signed
 * by our own presigner, since the SDK's takes longer than all the rest.
 */
const client = await createClient({ url: process.argv[2]!, RESP: 3 }).connect()
const presigner = createPresigner({
  bucketUrl: new URL('http://127.0.0.1/bucket'),
  region: 'us-east-1',
  credentials: async () => ({ accessKeyId: 'an id', secretAccessKey: 'a secret' }),
  clock: { now: Date.now },
})

tellPort(
  createServer(async (request, response) => {
    const id = request.url!.slice(request.url!.lastIndexOf('/') + 1)
    const { owner_uid: uid, filename, mime = '' } = await client.hGetAll(`img:${id}`)
    const options = { expiresInSeconds: 300, contentType: mime }
    const location = await presigner.presignGet(`uploads/${uid}/${id}/${filename}`, options)
    response.writeHead(302, { location, 'cache-control': 'no-store', 'content-length': 0 }).end()
  }),
)

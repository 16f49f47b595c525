import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { createClient } from 'redis'
import { tellPort } from './tell-port.ts'

/** What an image redirect at least needs where every image is another one: a record of Redis, and a signed address. */
const client = await createClient({ url: process.argv[2]!, RESP: 3 }).connect()

tellPort(
  createServer(async (request, response) => {
    const id = request.url!.slice(request.url!.lastIndexOf('/') + 1)
    const { filename } = await client.hGetAll(`img:${id}`)
    const path = `/storage/${id}/${filename}?expires=${Math.floor(Date.now() / 1000) + 300}`
    const signature = createHmac('sha256', 'a secret').update(path).digest('base64url')
    const location = `http://127.0.0.1${path}&signature=${signature}`
    response.writeHead(302, { location, 'cache-control': 'no-store', 'content-length': 0 }).end()
  }),
)

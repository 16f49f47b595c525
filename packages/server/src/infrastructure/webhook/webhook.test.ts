import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createWebhook } from './webhook.ts'

let receiver: Server | undefined
afterEach(() => {
  receiver?.closeAllConnections()
  receiver?.close()
})

async function webhookTo(answer: RequestListener) {
  receiver = createServer(answer).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  return createWebhook({ url: `http://127.0.0.1:${port}/`, secret: 'secret', timeoutMs: 200, clock: { now: () => 0 } })
}

test('a receiver that never answers is left in time', async () => {
  const webhook = await webhookTo(() => {})
  await expect(webhook.send('{}')).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('of an answer only the status counts, however long its body is or would be', async () => {
  const webhook = await webhookTo((_request, response) => response.writeHead(200).write('x'))
  await expect(webhook.send('{}')).resolves.toBeUndefined()
})

test('a redirect is not followed', async () => {
  const asked: (string | undefined)[] = []
  const webhook = await webhookTo(({ url }, response) => {
    asked.push(url)
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  await expect(webhook.send('{}')).rejects.toThrow('answered 307')
  expect(asked).toEqual(['/'])
})

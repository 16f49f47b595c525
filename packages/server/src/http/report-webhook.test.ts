import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

/** A receiver of the operator's, which answers as each test says. */
let receiver: Server
let received: { headers: IncomingHttpHeaders; body: string }[]
let answers: number[]
let env: Record<string, string>
let app: TestApp
const secret = 'shared by both ends, and by nobody else'

beforeEach(async () => {
  received = []
  answers = []
  receiver = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) })
    response.writeHead(answers.shift() ?? 204, { location: '/elsewhere' }).end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  env = { REPORT_WEBHOOK_URL: `http://127.0.0.1:${port}/hook`, REPORT_WEBHOOK_SECRET: secret }
  app = await startTestApp(env)
})
afterEach(async () => {
  await app.stop()
  receiver.closeAllConnections()
  receiver.close()
})

async function reported(on = app): Promise<string> {
  const image = await uploadPicture(on, await on.user(), await pictures.png({ seed: 1 }))
  await on.client().reports.create({ params: { id: image.id }, body: { reason: 'privacy', message: 'Grüße “x”' } })
  return image.id
}

const onlyReport = async (on = app) => (await on.metadata.reports.list({ status: 'open', limit: 2 })).items[0]!

async function metrics(outcome: string): Promise<string | undefined> {
  const { payload } = await app.server.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })
  return new RegExp(`^imagehost_webhook_notices_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(payload)?.[1]
}

test('a report is told at once, signed over its time and its body', async () => {
  const imageId = await reported()
  await expect.poll(async () => (await onlyReport()).notifiedAt).toBe(app.now() / 1000)
  expect(received).toHaveLength(1)
  const { headers, body } = received[0]!
  const timestamp = String(app.now() / 1000)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-imagehost-timestamp': timestamp,
    'x-imagehost-signature': `sha256=${signature}`,
  })
  expect(JSON.parse(body)).toEqual({
    event: 'report.created',
    report: {
      id: (await onlyReport()).id,
      image_id: imageId,
      image_url: `http://images.test/i/${imageId}`,
      reason: 'privacy',
      message: 'Grüße “x”',
      created_at: app.now() / 1000,
    },
  })
  expect(await metrics('sent')).toBe('1')
})

test.each([500, 302, 404])('what is answered %i is sent again when it is due, until it is taken', async (status) => {
  answers = [status, status]
  await reported()
  await expect.poll(async () => (await onlyReport()).failedNotices).toBe(1)
  await app.sweeper.sweep()
  expect(received).toHaveLength(1)
  app.pass(60)
  await app.sweeper.sweep()
  expect((await onlyReport()).failedNotices).toBe(2)
  app.pass(299)
  await app.sweeper.sweep()
  expect(received).toHaveLength(2)
  app.pass(1)
  await app.sweeper.sweep()
  expect((await onlyReport()).notifiedAt).toBe(app.now() / 1000)
  expect(new Set(received.map(({ body }) => body)).size).toBe(1)
  app.pass(86_400)
  await app.sweeper.sweep()
  expect(received).toHaveLength(3)
  expect([await metrics('failed'), await metrics('sent')]).toEqual(['2', '1'])
})

test('what is never taken is given up in the end', async () => {
  answers = Array<number>(50).fill(500)
  await reported()
  await expect.poll(async () => (await onlyReport()).failedNotices).toBe(1)
  for (let days = 0; days < 20; days++) {
    app.pass(86_400)
    await app.sweeper.sweep()
  }
  expect(received).toHaveLength(9)
  expect(await metrics('given_up')).toBe('1')
  expect(await onlyReport()).not.toHaveProperty('notifiedAt')
})

test('a receiver that is down is asked once a round, whatever the number of reports', async () => {
  answers = Array<number>(50).fill(500)
  const image = await uploadPicture(app, await app.user(), await pictures.png({ seed: 1 }))
  const payload = JSON.stringify({ reason: 'spam' })
  for (let n = 0; n < 4; n++) {
    const headers = { 'content-type': 'application/json' }
    const from = { remoteAddress: `192.0.2.${n}`, headers, payload }
    await app.server.inject({ method: 'POST', url: `/report/${image.id}`, ...from })
  }
  await expect.poll(() => metrics('failed')).toBe('4')
  app.pass(60)
  await app.sweeper.sweep()
  expect(received).toHaveLength(5)
})

test('a report is answered although nobody listens, and told after a restart', async () => {
  await app.stop()
  const directory = await mkdtemp(path.join(tmpdir(), 'webhook-'))
  app = await startTestApp({ DATA_DIR: directory, ...env, REPORT_WEBHOOK_URL: 'http://127.0.0.1:9/' })
  await reported()
  const { id } = await onlyReport()
  await app.stop()
  app = await startTestApp({ DATA_DIR: directory, ...env })
  app.pass(60)
  await app.sweeper.sweep()
  expect(received.map(({ body }) => JSON.parse(body).report.id)).toEqual([id])
  expect((await onlyReport()).notifiedAt).toBe(app.now() / 1000)
  await app.stop()
  await rm(directory, { recursive: true })
  app = await startTestApp(env)
})

test('without a webhook nothing waits to be told', async () => {
  await app.stop()
  app = await startTestApp()
  await reported()
  expect(await app.metadata.reports.listNotices({ now: Number.MAX_SAFE_INTEGER, limit: 9 })).toEqual([])
  await app.sweeper.sweep()
  expect(received).toEqual([])
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../ports/clock.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { beRefused, conversations, converse } from './conversations.conformance.ts'

let app: TestApp
let address: string
beforeAll(async () => {
  app = await startTestApp({ PUBLIC_URL: '' }, { clock: systemClock })
  address = await app.server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => app.stop())

for (const [who, client] of Object.entries(conversations)) {
  test(`${who} works unchanged, from registering to deleting`, () => converse(client, address))
  test(`${who} is told what is wrong in the codes that it knows`, () => beRefused(client, address))
}

test('both ask for what part of the API is up without a key', async () => {
  for (const path of ['/health', '/api/v1/health']) {
    const response = await fetch(address + path)
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: { status: 'ok' } })
  }
  const check = await fetch(`${address}/redis-check`)
  expect({ status: check.status, body: await check.json() }).toEqual({
    status: 200,
    body: { redis: false, engine: 'sqlite' },
  })
})

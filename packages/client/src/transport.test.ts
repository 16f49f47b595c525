import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type ClientOptions, createClient } from './client.ts'

/** A server that answers as the test says, and a client that writes down how long it was told to wait. */
async function against(listener: RequestListener, options: Partial<ClientOptions> = {}) {
  const requests: { method: string; headers: NodeJS.Dict<string | string[]> }[] = []
  const server = createServer((request, response) => {
    requests.push({ method: request.method!, headers: request.headers })
    listener(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const waits: number[] = []
  const wait = async (ms: number) => void waits.push(ms)
  const client = createClient({ baseUrl, apiKey: 'ih_key', wait, ...options })
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { client, requests, waits, [Symbol.dispose]: close }
}

/** What is wrong the first times, then a good answer. */
function failing(times: number, status: number, headers: Record<string, string>, good: object): RequestListener {
  let tried = 0
  return (request, response) => {
    request.resume()
    if (tried++ < times) {
      const body = { error: { code: 'rate_limited', message: 'Too often.', request_id: 'req-1' } }
      response.writeHead(status, headers).end(JSON.stringify(body))
    } else response.end(JSON.stringify(good))
  }
}

const page = { items: [] }
const image = { id: 'img_1' }

test('what failed for a moment is tried again after the time that the server names', async () => {
  using site = await against(failing(2, 429, { 'retry-after': '7' }, page))
  expect(await site.client.images.list()).toEqual(page)
  expect(site.waits).toEqual([7000, 7000])
})

test('without such a time, the waits grow', async () => {
  using site = await against(failing(3, 503, {}, page))
  await site.client.images.list()
  const [first, second, third] = site.waits
  expect(first).toBeGreaterThanOrEqual(250)
  expect(second! / first!).toBeGreaterThanOrEqual(1)
  expect(third).toBeLessThanOrEqual(2000)
  expect(third).toBeGreaterThanOrEqual(1000)
})

test('it ends after as many tries as are allowed, with the error of the server', async () => {
  using site = await against(failing(9, 429, { 'retry-after': '1' }, page), { retries: 2 })
  await expect(site.client.images.list()).rejects.toMatchObject({
    code: 'rate_limited',
    message: 'Too often.',
    retryAfterSeconds: 1,
    requestId: 'req-1',
    cure: expect.stringContaining('Retry-After'),
  })
  expect(site.requests).toHaveLength(3)
})

test('who is told to come back in an hour hears so at once', async () => {
  using site = await against(failing(1, 429, { 'retry-after': '3600' }, page))
  await expect(site.client.images.list()).rejects.toMatchObject({ retryAfterSeconds: 3600 })
  expect(site.waits).toEqual([])
})

test('what may not be done twice is not tried twice', async () => {
  using site = await against(failing(1, 503, { 'retry-after': '1' }, {}))
  const credentials = { username: 'anna', password: 'a long one' }
  await expect(site.client.accounts.register({ body: credentials })).rejects.toMatchObject({ status: 429 })
  expect(site.requests).toHaveLength(1)
})

test('calls that the server knows by their name carry one, the same at each try', async () => {
  using site = await against(failing(1, 503, {}, image))
  await site.client.uploads.complete({ body: { iid: 'img_1' } })
  const names = site.requests.map(({ headers }) => headers['idempotency-key'])
  expect(names[0]).toMatch(/^[0-9a-f-]{36}$/)
  expect(names[1]).toBe(names[0])
  await site.client.uploads.complete({ body: { iid: 'img_1' }, idempotencyKey: 'mine' })
  expect(site.requests.at(-1)!.headers['idempotency-key']).toBe('mine')
})

test('nobody there is network_error, with the cause', async () => {
  const site = await against(() => {})
  site[Symbol.dispose]()
  await expect(site.client.images.list()).rejects.toMatchObject({ code: 'network_error', status: 0 })
  expect(site.waits).toHaveLength(3)
})

test('a server that says nothing is timeout', async () => {
  using site = await against(() => {}, { timeoutMs: 50, retries: 0 })
  await expect(site.client.images.list()).rejects.toMatchObject({ code: 'timeout', message: /0 seconds|No answer/ })
})

test('whoever aborts while it waits gets their reason', async () => {
  const aborting = new AbortController()
  using site = await against(failing(9, 503, { 'retry-after': '30' }, page), { wait: undefined! })
  const listing = site.client.images.list({ signal: aborting.signal })
  setImmediate(() => aborting.abort(new Error('enough')))
  await expect(listing).rejects.toThrow('enough')
})

test.each([
  ['sends on elsewhere', 301, { location: 'https://images.test/' }, '', /sends on to https:\/\/images\.test\//],
  ['is something else', 200, {}, '<h1>Welcome to nginx</h1>', /is no ImageHost/],
])('a server that %s is told apart from ours', async (_, status, headers, body, message) => {
  using site = await against((_request, response) => response.writeHead(status, headers).end(body), { retries: 0 })
  await expect(site.client.images.list()).rejects.toMatchObject({ code: 'network_error', message })
})

test.each([
  [502, '<html>', 'service_error'],
  [403, '<html>', 'forbidden'],
  [418, '{"error":{"code":"teapot","message":"Short and stout."}}', 'internal_error'],
])('%d %s is %s', async (status, body, code) => {
  using site = await against((_request, response) => response.writeHead(status).end(body), { retries: 0 })
  await expect(site.client.images.list()).rejects.toMatchObject({ code })
})

test('the key goes to the server alone, never along with a redirect', async () => {
  using site = await against((_request, response) => response.writeHead(302, { location: 'https://evil.test/' }).end())
  const response = await site.client.images.redirect({ params: { id: 'img_1' } })
  expect(response.headers.get('location')).toBe('https://evil.test/')
  expect(site.requests).toHaveLength(1)
})

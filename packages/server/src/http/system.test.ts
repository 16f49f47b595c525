import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.stop())

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await app.fetch(`http://images.test${path}`, { headers })
  const text = await response.text()
  return { status: response.status, text, headers: response.headers }
}

test.each(['/health', '/api/v1/health', '/live', '/ready'])('%s', async (path) =>
  expect(await get(path)).toMatchObject({ status: 200, text: '{"status":"ok"}' }),
)

test.each(['/redis-check', '/api/v1/redis-check'])('%s names the embedded engine', async (path) =>
  expect(await get(path)).toMatchObject({ status: 200, text: '{"redis":false,"engine":"sqlite"}' }),
)

test('readiness turns red as soon as the server is told to stop', async () => {
  const stopping = await startTestApp()
  stopping.beginStop()
  const response = await stopping.fetch('http://images.test/ready')
  expect({ status: response.status, retry: response.headers.get('retry-after') }).toEqual({ status: 503, retry: '5' })
  await stopping.stop()
})

test('metrics are for this machine only, and not for who is behind a proxy on it', async () => {
  await get('/health')
  const { status, text } = await get('/metrics')
  expect(status).toBe(200)
  expect(text).toContain('imagehost_request_seconds_count{method="GET",route="/health",status="200"}')
  expect((await get('/metrics', { 'x-forwarded-for': '127.0.0.1' })).status).toBe(401)
  expect((await get('/metrics', { forwarded: 'for=127.0.0.1' })).status).toBe(401)
})

test('with a token, metrics are for whoever has it', async () => {
  const guarded = await startTestApp({ METRICS_TOKEN: 'metrics-token' })
  const status = async (authorization?: string) =>
    (await guarded.fetch('http://images.test/metrics', { headers: authorization ? { authorization } : {} })).status
  expect([await status(), await status('Bearer other'), await status('Bearer metrics-token')]).toEqual([401, 401, 200])
  await guarded.stop()
})

test('the API describes itself as OpenAPI 3.1 and as a page', async () => {
  const { openapi, paths } = JSON.parse((await get('/openapi.json')).text)
  expect(openapi).toBe('3.1.0')
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/v1/upload/request', '/i/{file}', '/api/v1/image/{id}']),
  )
  const { text, headers } = await get('/docs')
  expect(text).toContain('/api/v1/upload/complete')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('what is not there is 404 in the same form', async () => {
  const { status, text } = await get('/nothing/here')
  expect({ status, body: JSON.parse(text) }).toEqual({
    status: 404,
    body: { error: { code: 'not_found', message: 'Nothing here.', request_id: expect.any(String) } },
  })
})

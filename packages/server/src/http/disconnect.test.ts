import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'

/** Clients that go away in the middle of a large body, over real sockets. */
let app: TestApp
let user: TestUser
let port: number
beforeAll(async () => {
  app = await startTestApp()
  user = await app.user()
  await app.server.listen({ port: 0, host: '127.0.0.1' })
  port = (app.server.server.address() as AddressInfo).port
})
afterAll(() => app.stop())

/** Spooled files have no name, so they are found by what this process holds open. */
const spooled = () => {
  const names = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return names.filter((name) => name.startsWith(path.join(app.directory, 'incoming')))
}

const multipart = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'

test.each([
  ['multipart', 'multipart/form-data; boundary=x', multipart],
  ['raw bytes', 'image/png', ''],
])('%s: nothing stays behind', async (_, type, start) => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const head = [
    'POST /api/v1/upload HTTP/1.1',
    'host: x',
    `x-api-key: ${user.apiKey}`,
    `content-type: ${type}`,
    'content-length: 9000000',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${start}`)
  socket.write(Buffer.alloc(4_000_000))
  await expect.poll(spooled, { timeout: 10_000 }).toHaveLength(1)
  socket.destroy()
  await expect.poll(spooled, { timeout: 10_000 }).toEqual([])
  expect(await app.metadata.images.usage(user.uid)).toEqual({ images: 0, bytes: 0 })
})

test('links are made of the Host that the client used, never of forwarding headers of a stranger', async () => {
  const plain = await startTestApp({ PUBLIC_URL: '' })
  const behindProxy = await startTestApp({ PUBLIC_URL: '', TRUSTED_PROXIES: '10.0.0.0/8' })
  const headers = {
    host: 'img.example.org',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '1.2.3.4',
  }
  const baseOf = async (server: TestApp, remoteAddress: string) => {
    const { payload } = await server.server.inject({ url: '/openapi.json', headers, remoteAddress })
    return JSON.parse(payload).servers[0].url
  }
  expect(await baseOf(plain, '10.1.1.1')).toBe('http://img.example.org')
  expect(await baseOf(behindProxy, '203.0.113.7')).toBe('http://img.example.org')
  expect(await baseOf(behindProxy, '10.1.1.1')).toBe('https://evil.example')
  await Promise.all([plain.stop(), behindProxy.stop()])
})

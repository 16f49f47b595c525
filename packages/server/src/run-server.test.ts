import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pictures } from './testing/pictures.ts'
import { startServerProcess } from './testing/start-server-process.ts'

/** The executable itself, as `npm start` runs it. */
let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'run-server-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function keyFrom(url: string): Promise<string> {
  return (await (await fetch(`${url}/api/v1/dev/issue-key`, { method: 'POST' })).json()).api_key
}

const upload = async (url: string, key: string) => {
  const body = new Uint8Array(await pictures.jpeg({ seed: 1 }))
  const headers = { 'x-api-key': key, 'content-type': 'image/jpeg' }
  return (await fetch(`${url}/api/v1/upload`, { method: 'POST', headers, body })).json()
}

test('what was acknowledged survives kill -9', { timeout: 60_000 }, async () => {
  const first = await startServerProcess({ DATA_DIR: directory })
  const key = await keyFrom(first.url)
  const { id } = await upload(first.url, key)
  await first.kill('SIGKILL')
  const second = await startServerProcess({ DATA_DIR: directory })
  const { items } = await (await fetch(`${second.url}/api/v1/me/images`, { headers: { 'x-api-key': key } })).json()
  expect(items.map((item: { id: string }) => item.id)).toEqual([id])
  expect((await fetch(`${second.url}/i/${id}`)).status).toBe(200)
  await second.stop()
})

test('Ctrl-C lets what is under way finish, takes nothing new, and ends within ten seconds', {
  timeout: 60_000,
}, async () => {
  const server = await startServerProcess({ DATA_DIR: directory })
  const key = await keyFrom(server.url)
  const bytes = await pictures.jpeg({ seed: 2 })
  const { port } = new URL(server.url)
  const socket = connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  const head = [
    'POST /api/v1/upload HTTP/1.1',
    'host: x',
    `x-api-key: ${key}`,
    'content-type: image/jpeg',
    `content-length: ${bytes.length}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.write(bytes.subarray(0, 100))
  // Answered on another connection, so the server has seen the first bytes of the upload.
  await fetch(`${server.url}/health`)
  const startedAt = performance.now()
  const ended = server.kill('SIGINT')
  socket.write(bytes.subarray(100))
  let answer = ''
  for await (const part of socket) answer += part
  await ended
  expect(answer).toMatch(/^HTTP\/1\.1 201 /)
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  await expect(fetch(`${server.url}/health`)).rejects.toThrow()
  await server.stop()
})

test('a client that never finishes does not keep the server from stopping', { timeout: 60_000 }, async () => {
  const server = await startServerProcess({ DATA_DIR: directory })
  const key = await keyFrom(server.url)
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  socket.write(`POST /api/v1/upload HTTP/1.1\r\nhost: x\r\nx-api-key: ${key}\r\ncontent-length: 1000\r\n\r\nabc`)
  await fetch(`${server.url}/health`)
  const startedAt = performance.now()
  await server.kill('SIGTERM')
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  await server.stop()
})

test('a second server on the same folder is told why it may not', { timeout: 60_000 }, async () => {
  const first = await startServerProcess({ DATA_DIR: directory })
  await expect(startServerProcess({ DATA_DIR: directory })).rejects.toThrow(/ImageHost did not start\.[\s\S]*DATA_DIR/)
  await first.stop()
})

test('a taken port is named with the cure', { timeout: 60_000 }, async () => {
  const first = await startServerProcess({ DATA_DIR: directory })
  const { port } = new URL(first.url)
  const other = mkdtempSync(path.join(tmpdir(), 'run-server-'))
  await expect(startServerProcess({ DATA_DIR: other, PORT: port })).rejects.toThrow(`PORT: ${port} is taken`)
  rmSync(other, { recursive: true })
  await first.stop()
})

test('mistakes in the settings are told all at once', { timeout: 60_000 }, async () => {
  await expect(
    startServerProcess({ DATA_DIR: directory, PORT: 'x', LOG_LEVEL: 'loud', MAX_UPLOAD_BYTES: 'huge' }),
  ).rejects.toThrow(/PORT:[\s\S]*LOG_LEVEL:[\s\S]*MAX_UPLOAD_BYTES:/)
})

test('while nobody is administrator, the greeting has the code by which somebody becomes it, and no log line has', {
  timeout: 60_000,
}, async () => {
  const env = { DATA_DIR: directory, HOST: '0.0.0.0', LOG_LEVEL: 'trace' }
  const first = await startServerProcess(env)
  const [, code = ''] = await first.said(codePattern)
  expect(first.greeted()).not.toContain('first account')
  const body = { username: 'alice', password: 'correct horse battery' }
  const { api_key: key } = await (await post(first.url, 'register', body)).json()
  const claimed = await post(first.url, 'setup', { code }, key)
  expect(await claimed.json()).toMatchObject({ username: 'alice', role: 'admin' })
  await expect.poll(first.logged).toContain('/api/v1/setup')
  expect(first.logged()).not.toContain(code)
  await first.stop()
  const second = await startServerProcess(env)
  await second.said(/Stop with Ctrl-C/)
  expect(second.greeted()).not.toContain('Administrator')
  await second.stop()
})

test('a fresh server on this machine says that the first account is the administrator’s', {
  timeout: 60_000,
}, async () => {
  const server = await startServerProcess({ DATA_DIR: directory })
  await server.said(/Administrator is the first account made here/)
  const body = { username: 'alice', password: 'correct horse battery' }
  const { api_key: key } = await (await post(server.url, 'register', body)).json()
  const me = await fetch(`${server.url}/api/v1/me`, { headers: { 'x-api-key': key } })
  expect(await me.json()).toMatchObject({ role: 'admin' })
  await server.stop()
})

const codePattern = /api\/v1\/setup .*"code":"([a-z2-7-]+)"/

const post = (url: string, action: string, body: object, key = '') =>
  fetch(`${url}/api/v1/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { 'x-api-key': key }) },
    body: JSON.stringify(body),
  })

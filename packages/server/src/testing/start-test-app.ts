import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient } from '@imagehost/client'
import { pino } from 'pino'
import { type App, type AppOptions, createApp } from '../app.ts'
import { readConfig } from '../config.ts'

export interface TestApp extends App {
  directory: string
  /** The SDK, its fetch bridged to the server in this process; without a key, or with one. */
  client(apiKey?: string): Client
  /** A fetch that reaches the server in this process. */
  fetch: typeof globalThis.fetch
  /** A new account. */
  user(name?: string): Promise<TestUser>
  /** What the clock shows, in milliseconds. */
  now(): number
  /** Moves the clock. */
  pass(seconds: number): void
  stop(): Promise<void>
}

export interface TestUser {
  username: string
  apiKey: string
  uid: string
  client: Client
}

const baseUrl = 'http://images.test'
let users = 0

/** A whole server on a folder of its own (or on the engines that `env` names), with a clock that only tests move. */
export async function startTestApp(env: Record<string, string> = {}, options: AppOptions = {}): Promise<TestApp> {
  const directory = env.DATA_DIR ?? (await mkdtemp(path.join(tmpdir(), 'imagehost-')))
  let now = Date.UTC(2026, 0, 15, 12)
  const app = await createApp(
    readConfig({ DATA_DIR: directory, PUBLIC_URL: baseUrl, DEV_ISSUE_KEY: '1', VARIANTS_AHEAD: '0', ...env }),
    {
      clock: { now: () => now },
      log: pino({ level: 'silent' }),
      failedLoginMs: 1,
      ...options,
    },
  )
  await app.server.ready()
  const fetch = bridge(app)
  const client = (apiKey?: string) => createClient({ baseUrl, fetch, retries: 0, ...(apiKey && { apiKey }) })
  return {
    ...app,
    directory,
    fetch,
    client,
    user: async (name = `user-${++users}`) => {
      const { api_key: apiKey, uid } = await client().accounts.issueDevKey()
      return { username: name, apiKey, uid, client: client(apiKey) }
    },
    now: () => now,
    pass: (seconds) => {
      now += seconds * 1000
    },
    stop: async () => {
      await app.close()
      if (!env.DATA_DIR) await rm(directory, { recursive: true, force: true })
    },
  }
}

/** `fetch` → Fastify's inject: the whole request path but the socket. */
function bridge({ server }: App): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const payload = request.body ? Buffer.from(await request.arrayBuffer()) : undefined
    const answer = await server.inject({
      method: request.method as 'GET',
      url: url.pathname + url.search,
      headers: { host: url.host, ...Object.fromEntries(request.headers) },
      ...(payload && { payload }),
    })
    const headers = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined) headers.set(name, String(value))
    }
    const isEmpty = answer.statusCode === 304 || answer.statusCode === 204 || request.method === 'HEAD'
    return new Response(isEmpty ? null : new Uint8Array(answer.rawPayload), { status: answer.statusCode, headers })
  }
}

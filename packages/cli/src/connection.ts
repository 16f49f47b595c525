import type { NodeClient } from '@imagehost/client/node'
import { AppError } from '@imagehost/contract/errors'
import { UsageError } from './faults.ts'
import type { Settings } from './settings.ts'
import { traced } from './trace.ts'

export interface Connection {
  /** Its origin. */
  host: string
  client: NodeClient
  hasKey: boolean
  /** Where the key comes from. */
  keySource: 'environment' | 'stored' | 'flask' | undefined
}

export interface ConnectionNeeds {
  /** Another server than the one that is set. */
  host?: string | undefined
  /** No key, or this one, whatever is stored. */
  key?: string | 'none'
}

export interface ConnectionDependencies {
  env: NodeJS.ProcessEnv
  settings: Settings
  fetch: typeof globalThis.fetch
  /** From `--host`. */
  chosen: string | undefined
  /** Where each HTTP exchange is told, if anybody wants to know. */
  tell: ((line: string) => void) | undefined
}

/** Which server is meant, and who one is there: flag, environment, then what is stored. */
export async function connect(deps: ConnectionDependencies, needs: ConnectionNeeds = {}): Promise<Connection> {
  const { env, settings, tell } = deps
  const named = needs.host ?? deps.chosen ?? (env.IMAGEHOST_URL || env.BASE_URL)
  const wanted = named || (await settings.config()).host
  if (!wanted) {
    throw new AppError('auth', { message: 'No server is set. Say which: `imagehost login https://…`.' })
  }
  const host = originOf(wanted)
  const { key, source } = needs.key === undefined ? await findKey(host, deps) : givenKey(needs.key)
  const { createClient } = await import('@imagehost/client/node')
  return {
    host,
    client: createClient({
      baseUrl: host,
      fetch: tell ? traced(deps.fetch, tell) : deps.fetch,
      ...(key !== undefined && { apiKey: key }),
    }),
    hasKey: key !== undefined,
    keySource: source,
  }
}

const givenKey = (key: string) => ({ key: key === 'none' ? undefined : key, source: undefined })

interface FoundKey {
  key: string | undefined
  source: Connection['keySource']
}

async function findKey(host: string, { env, settings }: ConnectionDependencies): Promise<FoundKey> {
  if (env.IMAGEHOST_API_KEY) return { key: env.IMAGEHOST_API_KEY, source: 'environment' }
  const stored = (await settings.credentials())[host]
  if (stored) return { key: stored.api_key, source: 'stored' }
  // That file does not say for which server it is: only the one of the Flask command's own variable gets it.
  const isFlask = env.BASE_URL !== undefined && safeOriginOf(env.BASE_URL) === host
  const key = isFlask ? await settings.flaskKey() : undefined
  return { key, source: key === undefined ? undefined : 'flask' }
}

/** `img.example.org` means https; on this machine, http. */
export function originOf(text: string): string {
  const origin = safeOriginOf(text)
  if (origin === undefined)
    throw new UsageError(`${text} is no address of a server.`, 'Such as https://img.example.org')
  return origin
}

function safeOriginOf(text: string): string | undefined {
  const isLocal = /^(localhost|127\.|\[::1\])/.test(text)
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `${isLocal ? 'http' : 'https'}://${text}`)
  return url?.hostname ? url.origin : undefined
}

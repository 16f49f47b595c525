import type { BodyOf, JsonRoute, Route } from '@imagehost/contract'
import { notOurs, readError, readJson } from './answer.ts'
import { withDeadline } from './deadline.ts'
import { type Retrying, withRetries } from './retry.ts'

export interface CallOptions {
  signal?: AbortSignal
  /** Names the request, so that repeating it does nothing twice. Made up by itself where the row knows it. */
  idempotencyKey?: string
}

export interface CallInput extends CallOptions {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  /** For what may be done twice although its method does not say so. */
  isRepeatable?: true
}

interface TransportOptions extends Omit<Retrying, 'signal'> {
  baseUrl: string
  apiKey?: string
  fetch: typeof globalThis.fetch
  timeoutMs: number
}

export type Transport = ReturnType<typeof createTransport>

/** RFC 9110 section 9.2.2, as far as the table uses them. PATCH sets values here, and setting them twice is setting them once. */
const idempotentMethods: readonly string[] = ['GET', 'PUT', 'PATCH', 'DELETE']

/** Rows of the table over HTTP: addresses, headers, errors, time limits and tries. */
export function createTransport({ baseUrl, apiKey, fetch, timeoutMs, retries, wait }: TransportOptions) {
  const address = (route: Route, { params, query }: CallInput = {}): URL => {
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
    const url = new URL(path, baseUrl)
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value))
    }
    return url
  }

  const headers = (route: Route, { idempotencyKey }: CallOptions = {}): Record<string, string> => {
    const name = idempotencyKey ?? (route.repeatable && crypto.randomUUID())
    return {
      accept: 'application/json',
      ...(apiKey && { 'x-api-key': apiKey }),
      ...(name && { 'idempotency-key': name }),
    }
  }

  /** Runs one exchange as often as its row allows. */
  function exchange<T>(route: Route, input: CallInput, read: (response: Response) => T | Promise<T>): Promise<T> {
    const { signal, body } = input
    const mayRepeat = idempotentMethods.includes(route.method) || route.repeatable || input.isRepeatable
    const init = {
      method: route.method,
      // Where a row redirects, the address is what the caller wants; elsewhere a key must not be carried to another host.
      redirect: 'manual' as const,
      headers: { ...headers(route, input), ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }
    return withRetries({ retries: mayRepeat ? retries : 0, wait, signal }, () =>
      withDeadline({ timeoutMs, signal }, async (deadline) => {
        const response = await fetch(address(route, input), { ...init, signal: deadline.signal })
        if (response.status >= 400) throw await readError(response)
        return read(response)
      }),
    )
  }

  return {
    address,
    headers,
    /** The body of a JSON row. */
    call: <R extends JsonRoute>(route: R, input: CallInput = {}): Promise<BodyOf<R>> =>
      exchange(route, input, async (response) => {
        if (response.status >= 300) throw notOurs(response)
        return (await readJson(response)) as BodyOf<R>
      }),
    /** The answer to a raw row, whose body is the caller's to read. */
    send: (route: Route, input: CallInput = {}): Promise<Response> => exchange(route, input, (response) => response),
  }
}

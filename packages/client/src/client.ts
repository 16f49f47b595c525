import {
  AppError,
  api,
  type BodyOf,
  type ErrorCode,
  errors,
  type InputOf,
  type JsonRoute,
  type Route,
  type Routes,
} from '@imagehost/contract'

export interface ClientOptions {
  /** Where the server is, such as `https://img.example.org`. */
  baseUrl: string
  apiKey?: string
  /** Replaces the global fetch: for tests, or for runtimes with one of their own. */
  fetch?: typeof globalThis.fetch
}

type Empty = Record<never, never>

/** A query of which every part is optional may be left out as a whole. */
type Loose<I> = I extends { query: infer Q } ? (Empty extends Q ? Omit<I, 'query'> & { query?: Q } : I) : I
type Arguments<I> = Empty extends I ? [input?: I & CallOptions] : [input: I & CallOptions]

export interface CallOptions {
  signal?: AbortSignal
}

/** JSON rows resolve to their body; raw rows to the Response itself. Failures throw AppError. */
type Call<R extends Route> = (
  ...args: Arguments<Loose<InputOf<R>>>
) => Promise<R extends JsonRoute ? BodyOf<R> : Response>
type Calls<T extends Routes> = { [Name in keyof T]: Call<T[Name]> }
export type Client = { [Noun in keyof typeof api]: Calls<(typeof api)[Noun]> }

interface AnyInput extends CallOptions {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** The API as functions: `client.images.list({ query: { limit: 10 } })`. Every row of the contract is one. */
export function createClient({ baseUrl, apiKey, fetch = globalThis.fetch }: ClientOptions): Client {
  const call = async (route: Route, input: AnyInput = {}) => {
    const response = await fetch(addressOf(route, input, baseUrl), {
      method: route.method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(apiKey && { 'x-api-key': apiKey }),
        ...(input.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
      ...(input.signal && { signal: input.signal }),
    })
    if (response.status >= 400) throw await errorOf(response)
    return route.raw ? response : response.json()
  }
  const bind = (routes: Routes) =>
    Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, (input: AnyInput) => call(route, input)]))
  return Object.fromEntries(Object.entries(api).map(([noun, routes]) => [noun, bind(routes)])) as unknown as Client
}

function addressOf(route: Route, { params, query }: AnyInput, baseUrl: string): URL {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])))
  const address = new URL(path, baseUrl)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) address.searchParams.set(name, String(value))
  }
  return address
}

async function errorOf(response: Response): Promise<AppError> {
  const payload: unknown = await response.json().catch(() => undefined)
  const { code, message, details } = (payload as { error?: Record<string, unknown> } | undefined)?.error ?? {}
  const known: ErrorCode = typeof code === 'string' && code in errors ? (code as ErrorCode) : 'internal_error'
  const retryAfter = Number(response.headers.get('retry-after'))
  return new AppError(known, {
    message: typeof message === 'string' ? message : `The server answered ${response.status}.`,
    ...(details ? { details: details as Record<string, unknown> } : {}),
    ...(retryAfter > 0 ? { retryAfterSeconds: retryAfter } : {}),
  })
}

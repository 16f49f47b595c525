import { api, type BodyOf, type InputOf, type JsonRoute, type Route, type Routes } from '@imagehost/contract'
import { waitFor } from './retry.ts'
import { createTransfer, type Transfer } from './transfer.ts'
import { type CallInput, type CallOptions, createTransport } from './transport.ts'
import { createUpload, type Upload } from './upload.ts'

export interface ClientOptions {
  /** Where the server is, such as `https://img.example.org`. */
  baseUrl: string
  apiKey?: string
  /** Replaces the global fetch: for tests, or for runtimes with one of their own. */
  fetch?: typeof globalThis.fetch
  /** How often something that failed for a moment is tried again, where that can do nothing twice. 3 unless told otherwise. */
  retries?: number
  /** After how many milliseconds without an answer a try is given up: 60,000 unless told otherwise. */
  timeoutMs?: number
  /** Replaces the way in which bytes are sent: a page may use XMLHttpRequest, which alone tells browsers of progress. */
  transfer?: Transfer
  /** Replaces the wait before another try. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

type Empty = Record<never, never>

/** A query of which every part is optional may be left out as a whole. */
type Loose<I> = I extends { query: infer Q } ? (Empty extends Q ? Omit<I, 'query'> & { query?: Q } : I) : I
type Arguments<I> = Empty extends I ? [input?: I & CallOptions] : [input: I & CallOptions]

/** JSON rows resolve to their body; raw rows to the Response itself. Failures throw AppError. */
type Call<R extends Route> = (
  ...args: Arguments<Loose<InputOf<R>>>
) => Promise<R extends JsonRoute ? BodyOf<R> : Response>
type Calls<T extends Routes> = { [Name in keyof T]: Call<T[Name]> }
export type Client = { [Noun in keyof typeof api]: Calls<(typeof api)[Noun]> } & {
  /** A picture in, its link out: straight to the storage where that can be reached, else through the server. */
  upload: Upload
}

/** Nginx gives an upstream as long, so a later answer would hardly come. */
const defaultTimeoutMs = 60_000

/** The API as functions: `client.images.list({ query: { limit: 10 } })`. Every row of the contract is one. */
export function createClient(options: ClientOptions): Client {
  const { fetch = globalThis.fetch, retries = 3, timeoutMs = defaultTimeoutMs, wait = waitFor } = options
  const transport = createTransport({ ...options, fetch, retries, timeoutMs, wait })
  const transfer = options.transfer ?? createTransfer(fetch)
  const bind = (routes: Routes) =>
    Object.fromEntries(
      Object.entries(routes).map(([name, route]) => [
        name,
        (input?: CallInput) => (route.raw ? transport.send(route, input) : transport.call(route, input)),
      ]),
    )
  const nouns = Object.fromEntries(Object.entries(api).map(([noun, routes]) => [noun, bind(routes)]))
  const upload = createUpload({ transport, transfer, timeoutMs, retries, wait })
  return { ...nouns, upload } as unknown as Client
}

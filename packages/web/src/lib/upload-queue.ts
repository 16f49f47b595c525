import type { Uploaded } from '@imagehost/client'
import { AppError } from '@imagehost/contract'
import { toast } from '../components/toasts.tsx'
import { client } from './client.ts'
import { promiseText } from './clipboard.ts'
import { linkFormat, printLink } from './link-format.ts'
import { refreshImages } from './session.ts'
import { sha256Of } from './sha256.ts'
import { createStore } from './store.ts'
import { say } from './words.ts'

export interface Item {
  id: number
  /** A file, or an address that the server fetches. */
  source: File | string
  name: string
  /** Bytes; of an address nobody knows. */
  size: number
  state: 'waiting' | 'sending' | 'checking' | 'done' | 'failed'
  sent: number
  album: string | undefined
  image?: Uploaded
  /** It stands among the others. */
  isInGrid?: boolean
  error?: AppError | undefined
  abort: AbortController
}

/** Browsers open six connections to a host; some are left for looking at pictures meanwhile. */
const parallel = 3

export const queue = createStore<readonly Item[]>([])
/** An album that is on the screen takes what is dropped there. */
export const target = createStore<{ album: string; name: string } | undefined>(undefined)
/** The link of this one was to be copied, and the browser refused. */
export const uncopied = createStore<number | undefined>(undefined)
let count = 0

/** Takes files and addresses. Call it while the event is handled: then the link may be copied. */
export function enqueue(sources: readonly (File | string)[]): void {
  if (sources.length === 0) return
  const album = target.get()?.album
  const items = sources.map((source): Item => {
    const [name, size] = typeof source === 'string' ? [source, 0] : [source.name, source.size]
    return { id: ++count, source, name, size, state: 'waiting', sent: 0, album, abort: new AbortController() }
  })
  queue.set((before) => [...before.filter(({ state }) => state !== 'done'), ...items])
  const [only] = items
  // One picture: its link is in the clipboard when it is up, without another press.
  if (items.length === 1 && only) copyWhenUp(only.id)
  pump()
}

export function retry(id: number): void {
  change(id, { state: 'waiting', sent: 0, error: undefined, abort: new AbortController() })
  pump()
}

export function dismiss(id: number): void {
  find(id)?.abort.abort()
  queue.set((items) => items.filter((one) => one.id !== id))
}

export const dismissAll = (): void =>
  queue.set((items) => items.filter(({ state }) => state !== 'done' && state !== 'failed'))

/** Whether the same bytes may be taken another time. */
export const canRetry = ({ code, status }: AppError): boolean =>
  code === 'network_error' || code === 'timeout' || status === 409 || status === 429 || status >= 500

function pump(): void {
  if (!navigator.onLine) return
  const items = queue.get()
  const running = items.filter(({ state }) => state === 'sending' || state === 'checking').length
  for (const item of items.filter(({ state }) => state === 'waiting').slice(0, parallel - running)) void upload(item)
}

async function upload({ id, source, size, album, abort: { signal } }: Item): Promise<void> {
  change(id, { state: 'sending' })
  try {
    const options = {
      signal,
      ...(album !== undefined && { album }),
      onProgress: ({ stage, sentBytes }: { stage: 'sending' | 'checking'; sentBytes: number }) =>
        change(id, { state: stage, sent: sentBytes }),
    }
    const twin = typeof source === 'string' ? undefined : await findTwin(source, album, signal)
    const image = twin ?? (await client.upload(typeof source === 'string' ? new URL(source) : source, options))
    change(id, { state: 'done', image, sent: size })
    void refreshed().then(() => change(id, { isInGrid: true }))
  } catch (error) {
    if (!signal.aborted) fail(id, error)
  }
  pump()
}

/** The same picture, if somebody has it already: nothing has to be sent. Into an album it goes by the usual way. */
async function findTwin(file: File, album: string | undefined, signal: AbortSignal): Promise<Uploaded | undefined> {
  const source_sha256 = album === undefined ? await sha256Of(file) : undefined
  if (source_sha256 === undefined) return undefined
  const { items } = await client.images.list({ query: { source_sha256, limit: 1 }, signal })
  return items[0] && { ...items[0], duplicate: true }
}

function fail(id: number, cause: unknown): void {
  const error = cause instanceof AppError ? cause : new AppError('network_error', { cause })
  // It goes on by itself when the connection is back.
  if (error.code === 'network_error' && !navigator.onLine) change(id, { state: 'waiting', sent: 0 })
  else change(id, { state: 'failed', error })
}

const find = (id: number) => queue.get().find((item) => item.id === id)

const change = (id: number, more: Partial<Item>) =>
  queue.set((items) => items.map((item) => (item.id === id ? { ...item, ...more } : item)))

let running: Promise<unknown> = Promise.resolve()
let next: Promise<unknown> | undefined

/** When the screen shows what is up by now; many uploads that end together ask for it once. */
function refreshed(): Promise<unknown> {
  next ??= running.then(() => {
    running = refreshImages()
    next = undefined
    return running
  })
  return next
}

/** Says that it is copied only when it is. */
function copyWhenUp(id: number): void {
  const link = new Promise<string>((resolve, reject) => {
    const stop = queue.subscribe(() => {
      const item = find(id)
      if (item && item.state !== 'done' && item.state !== 'failed') return
      stop()
      if (item?.image) resolve(printLink({ ...item.image, name: item.image.title ?? item.name }, linkFormat.get()))
      else reject(new Error('not uploaded'))
    })
  })
  link.catch(() => {})
  void promiseText(link).then((isCopied) => {
    if (isCopied) toast(say('toast.copied'))
    // A browser refuses at once; there is something to copy only when the picture is up.
    else
      link.then(
        () => uncopied.set(() => id),
        () => {},
      )
  })
}

/** Going on where the connection was lost. */
addEventListener('online', () => {
  for (const { id, state, error } of queue.get()) if (state === 'failed' && error?.code === 'network_error') retry(id)
  pump()
})
/** Whoever leaves would lose what is under way. */
addEventListener('beforeunload', (event) => {
  if (queue.get().some(({ state }) => state === 'sending' || state === 'waiting')) event.preventDefault()
})

import type { Uploaded } from '@imagehost/client'
import { AppError } from '@imagehost/contract'
import { toast } from '../components/toasts.tsx'
import { client } from './client.ts'
import { copyText, promiseText } from './clipboard.ts'
import { refreshImages } from './session.ts'
import { createStore } from './store.ts'
import { say } from './words.ts'

export interface Item {
  id: number
  file: File
  state: 'waiting' | 'sending' | 'checking' | 'done' | 'failed'
  sent: number
  image?: Uploaded
  error?: AppError
  abort: AbortController
}

/** Browsers open six connections to a host; some are left for looking at pictures meanwhile. */
const parallel = 3

export const queue = createStore<readonly Item[]>([])
let count = 0

/** Takes files that were dropped, pasted or chosen. Call it while the event is handled: then the link may be copied. */
export function enqueue(files: readonly File[]): void {
  if (files.length === 0) return
  const items = files.map(
    (file): Item => ({ id: ++count, file, state: 'waiting', sent: 0, abort: new AbortController() }),
  )
  queue.set((before) => [...before.filter(({ state }) => state !== 'done'), ...items])
  const [only] = items
  // One picture: its link is in the clipboard when it is up, without another press.
  if (items.length === 1 && only) copyWhenUp(only.id)
  pump()
}

export function retry(id: number): void {
  change(id, { state: 'waiting', sent: 0, abort: new AbortController() })
  pump()
}

export function dismiss(id: number): void {
  const item = find(id)
  item?.abort.abort()
  queue.set((items) => items.filter((one) => one.id !== id))
}

export const dismissAll = (): void =>
  queue.set((items) => items.filter(({ state }) => state !== 'done' && state !== 'failed'))

/** The browser's own dialog. */
export function choosePictures(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'image/*'
  input.multiple = true
  input.onchange = () => enqueue([...(input.files ?? [])])
  input.click()
}

export async function copyLinks(images: readonly Uploaded[]): Promise<void> {
  const isCopied = await copyText(images.map(({ url }) => url).join('\n'))
  if (!isCopied) return toast(say('copy.failed'))
  toast(images.length === 1 ? say('toast.copied') : say('toast.copiedMany', { count: images.length }))
}

function pump(): void {
  const items = queue.get()
  const running = items.filter(({ state }) => state === 'sending' || state === 'checking').length
  for (const item of items.filter(({ state }) => state === 'waiting').slice(0, parallel - running)) void upload(item)
}

async function upload({ id, file, abort }: Item): Promise<void> {
  change(id, { state: 'sending' })
  try {
    const image = await client.upload(file, {
      signal: abort.signal,
      onProgress: ({ stage, sentBytes }) => change(id, { state: stage, sent: sentBytes }),
    })
    change(id, { state: 'done', image, sent: file.size })
    refreshImages()
  } catch (error) {
    if (!abort.signal.aborted)
      change(id, { state: 'failed', error: error instanceof AppError ? error : new AppError('network_error') })
  }
  pump()
}

const find = (id: number) => queue.get().find((item) => item.id === id)

const change = (id: number, more: Partial<Item>) =>
  queue.set((items) => items.map((item) => (item.id === id ? { ...item, ...more } : item)))

/** Says that it is copied only when it is. */
function copyWhenUp(id: number): void {
  const link = new Promise<string>((resolve, reject) => {
    const stop = queue.subscribe(() => {
      const item = find(id)
      if (item && item.state !== 'done' && item.state !== 'failed') return
      stop()
      if (item?.image) resolve(item.image.url)
      else reject(new Error('not uploaded'))
    })
  })
  link.catch(() => {})
  void promiseText(link).then((isCopied) => isCopied && toast(say('toast.copied')))
}

/** Going on where the connection was lost. */
addEventListener('online', () => {
  for (const { id, state, error } of queue.get()) if (state === 'failed' && error?.code === 'network_error') retry(id)
})
/** Whoever leaves would lose what is under way. */
addEventListener('beforeunload', (event) => {
  if (queue.get().some(({ state }) => state === 'sending' || state === 'waiting')) event.preventDefault()
})

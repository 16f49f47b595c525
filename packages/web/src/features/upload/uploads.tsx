import { useEffect, useState } from 'react'
import { CheckIcon, CloseIcon } from '../../components/icons.tsx'
import { useStore } from '../../lib/store.ts'
import { copyLinks, dismiss, dismissAll, enqueue, type Item, queue, retry } from '../../lib/upload-queue.ts'
import { waiting } from '../../lib/waiting-files.ts'
import { say } from '../../lib/words.ts'

/** Takes pictures from everywhere on the page, and shows how they come up. */
export default function Uploads() {
  const isOver = useDropAndPaste()
  useEffect(() => {
    enqueue(waiting.get())
    waiting.set(() => [])
  }, [])
  return (
    <>
      {isOver && (
        <div className="pointer-events-none fixed inset-0 z-40 grid place-items-center border-8 border-accent bg-bg/80">
          <p className="title">{say('drop.here')}</p>
        </div>
      )}
      <Tray />
    </>
  )
}

function useDropAndPaste(): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false)
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(false)
      enqueue([...(event.dataTransfer?.files ?? [])])
    }
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      enqueue(files)
    }
    const ended = new AbortController()
    const { signal } = ended
    addEventListener('dragenter', over, { signal })
    addEventListener('dragover', over, { signal })
    addEventListener('dragleave', leave, { signal })
    addEventListener('drop', drop, { signal })
    addEventListener('paste', paste, { signal })
    return () => ended.abort()
  }, [])
  return isOver
}

/** After all went well it folds by itself. */
const foldMs = 6_000

function Tray() {
  const items = useStore(queue)
  const isOnline = useOnline()
  const done = items.flatMap(({ image }) => image ?? [])
  const refused = items.filter(({ state }) => state === 'failed').length
  const isOver = done.length + refused === items.length
  useEffect(() => {
    if (!isOver || refused > 0 || items.length === 0) return
    const timer = setTimeout(dismissAll, foldMs)
    return () => clearTimeout(timer)
  }, [isOver, refused, items.length])
  if (items.length === 0) return null
  const total = items.reduce((sum, { file }) => sum + file.size, 0)
  const sent = items.reduce((sum, { sent, state, file }) => sum + (state === 'failed' ? file.size : sent), 0)
  const percent = total === 0 ? 100 : Math.floor((sent / total) * 100)
  const head = isOver
    ? say(refused > 0 ? 'tray.doneRefused' : 'tray.done', { count: done.length, refused })
    : say('tray.progress', { done: done.length, total: items.length, percent })
  return (
    <section
      aria-label={say('tray.label')}
      className="fixed inset-x-2 bottom-16 z-30 max-h-[50dvh] overflow-auto rounded-menu border border-line bg-raised shadow-xl sm:inset-x-auto sm:right-6 sm:bottom-6 sm:w-[360px]"
    >
      <header className="sticky top-0 flex items-center gap-2 border-b border-line bg-raised px-3 py-2">
        <strong className={`flex-1 tabular-nums ${isOnline ? '' : 'text-warn'}`} aria-live="polite">
          {isOnline ? head : say('tray.offline')}
        </strong>
        {isOver && done.length > 0 && (
          <button type="button" className="secondary" onClick={() => void copyLinks(done)}>
            {done.length === 1 ? say('tray.copyOne') : say('tray.copyMany', { count: done.length })}
          </button>
        )}
        {isOver && (
          <button type="button" className="quiet" aria-label={say('tray.close')} onClick={dismissAll}>
            <CloseIcon />
          </button>
        )}
      </header>
      <ul>
        {items.map((item) => (
          <Line key={item.id} {...item} />
        ))}
      </ul>
    </section>
  )
}

function Line({ id, file, state, sent, image, error }: Item) {
  const percent = file.size === 0 ? 100 : Math.min(100, Math.floor((sent / file.size) * 100))
  return (
    <li className="border-b border-line px-3 py-2 last:border-0">
      <div className="flex items-center gap-2">
        <span className="flex-1 truncate">{file.name}</span>
        {state === 'waiting' && <span className="meta">{say('tray.waiting')}</span>}
        {state === 'sending' && <span className="meta">{percent} %</span>}
        {state === 'checking' && <span className="meta">{say('tray.checking')}</span>}
        {state === 'done' && <CheckIcon className="size-5 text-ok" />}
        {state === 'failed' && error?.status !== 415 && error?.status !== 422 && (
          <button type="button" className="quiet" onClick={() => retry(id)}>
            {say('tray.retry')}
          </button>
        )}
        {state !== 'done' && (
          <button
            type="button"
            className="quiet"
            aria-label={`${say(state === 'failed' ? 'tray.dismiss' : 'tray.cancel')}: ${file.name}`}
            onClick={() => dismiss(id)}
          >
            <CloseIcon className="size-4" />
          </button>
        )}
      </div>
      {state === 'sending' && (
        <div className="mt-1 h-[3px] bg-sunken">
          <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
        </div>
      )}
      {image?.duplicate && <p className="meta">{say('tray.duplicate')}</p>}
      {error && <p className="text-danger">{error.message}</p>}
    </li>
  )
}

function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const update = () => setOnline(navigator.onLine)
    addEventListener('online', update)
    addEventListener('offline', update)
    return () => {
      removeEventListener('online', update)
      removeEventListener('offline', update)
    }
  }, [])
  return isOnline
}

import { useEffect } from 'react'
import { createPortal } from 'react-dom'
import { modals } from '../lib/modals.ts'
import { createStore, useStore } from '../lib/store.ts'

interface Toast {
  id: number
  text: string
  action?: { label: string; run: () => void }
  seconds: number
}

const toasts = createStore<readonly Toast[]>([])
const timers = new Map<number, ReturnType<typeof setTimeout>>()
let count = 0

/** Says something for a while, to readers of the screen too. */
export function toast(text: string, action?: Toast['action']): void {
  const id = ++count
  // What can be taken back stays for longer.
  const next = { id, text, seconds: action ? 10 : 4, ...(action && { action }) }
  // Said again, it stands once.
  toasts.set((shown) => [...shown.filter((one) => one.action || one.text !== text).slice(-2), next])
  release(next)
}

/** Takes back what the last of them offers to take back. */
export function undoLast(): void {
  const last = toasts.get().findLast(({ action }) => action)
  if (!last) return
  last.action?.run()
  drop(last.id)
}

/** Its time begins, unless it runs already: a toast that moves into a dialog does not stay longer for that. */
function release({ id, seconds }: Toast): void {
  const isShown = toasts.get().some((one) => one.id === id)
  if (isShown && !timers.has(id))
    timers.set(
      id,
      setTimeout(() => drop(id), seconds * 1000),
    )
}

/** For as long as somebody looks at it. */
function hold({ id }: Toast): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
}

function drop(id: number): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  toasts.set((shown) => shown.filter((one) => one.id !== id))
}

/** In the uppermost dialog if one is open: outside of it nothing can be seen or pressed. */
export function Toasts() {
  const shown = useStore(toasts)
  const dialog = useStore(modals).at(-1)
  return createPortal(
    <div
      aria-live="polite"
      className={`pointer-events-none fixed inset-x-0 z-50 flex flex-col items-center gap-2 px-4 sm:top-auto sm:bottom-6 ${dialog ? 'top-16' : 'bottom-20'}`}
    >
      {shown.map((one) => (
        <ToastLine key={one.id} toast={one} />
      ))}
    </div>,
    dialog ?? document.body,
  )
}

function ToastLine({ toast }: { toast: Toast }) {
  const { id, text, action } = toast
  // One that vanishes under the pointer never hears that it left.
  useEffect(() => () => release(toast), [toast])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done by it; it only stays while it is looked at.
    <div
      className="pointer-events-auto flex items-center gap-4 rounded-menu bg-text px-4 py-2 text-bg shadow-lg"
      onPointerEnter={() => hold(toast)}
      onPointerLeave={() => release(toast)}
      onFocus={() => hold(toast)}
      onBlur={() => release(toast)}
    >
      <span>{text}</span>
      {action && (
        <button
          type="button"
          className="font-semibold underline underline-offset-2"
          onClick={() => {
            action.run()
            drop(id)
          }}
        >
          {action.label}
        </button>
      )}
    </div>
  )
}

import { useEffect, useState } from 'react'
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
let count = 0

/** Says something for a while, to readers of the screen too. */
export function toast(text: string, action?: Toast['action']): void {
  const id = ++count
  // What can be taken back stays for longer.
  const next = { id, text, seconds: action ? 10 : 4, ...(action && { action }) }
  // Said again, it stands once.
  toasts.set((shown) => [...shown.filter((one) => one.action || one.text !== text).slice(-2), next])
}

/** Takes back what the last of them offers to take back. */
export function undoLast(): void {
  const last = toasts.get().findLast(({ action }) => action)
  if (!last) return
  last.action?.run()
  drop(last.id)
}

const drop = (id: number) => toasts.set((shown) => shown.filter((one) => one.id !== id))

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
        <ToastLine key={one.id} {...one} />
      ))}
    </div>,
    dialog ?? document.body,
  )
}

function ToastLine({ id, text, action, seconds }: Toast) {
  const [isHeld, hold] = useState(false)
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => drop(id), seconds * 1000)
    return () => clearTimeout(timer)
  }, [id, seconds, isHeld])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done by it; it only stays while it is looked at.
    <div
      className="pointer-events-auto flex items-center gap-4 rounded-menu bg-text px-4 py-2 text-bg shadow-lg"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
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

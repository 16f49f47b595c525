import { useEffect } from 'react'
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
  toasts.set((shown) => [...shown.slice(-2), { id, text, seconds: action ? 10 : 4, ...(action && { action }) }])
}

const drop = (id: number) => toasts.set((shown) => shown.filter((one) => one.id !== id))

export function Toasts() {
  const shown = useStore(toasts)
  return (
    <div
      aria-live="polite"
      className="fixed inset-x-0 bottom-20 z-50 flex flex-col items-center gap-2 px-4 pointer-events-none sm:bottom-6"
    >
      {shown.map((one) => (
        <ToastLine key={one.id} {...one} />
      ))}
    </div>
  )
}

function ToastLine({ id, text, action, seconds }: Toast) {
  useEffect(() => {
    const timer = setTimeout(() => drop(id), seconds * 1000)
    return () => clearTimeout(timer)
  }, [id, seconds])
  return (
    <div className="pointer-events-auto flex items-center gap-4 rounded-menu bg-text px-4 py-2 text-bg shadow-lg">
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

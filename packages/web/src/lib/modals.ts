import { type RefObject, useLayoutEffect, useRef } from 'react'
import { createStore } from './store.ts'

/** Dialogs that are open, the last one on top. The rest of the page is out of reach meanwhile, so toasts are shown in there. */
export const modals = createStore<readonly HTMLDialogElement[]>([])

/** A dialog that is open for as long as it is drawn; the focus then returns to where it was. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const element = dialog.current
    if (!element) return
    element.showModal()
    // Where fingers are used, a keyboard on the screen would hide what is to be read first.
    if (matchMedia('(pointer: coarse)').matches) {
      element.tabIndex = -1
      element.focus()
    }
    modals.set((open) => [...open, element])
    return () => {
      // Closed, not only removed: else the browser forgets where the focus was.
      element.close()
      modals.set((open) => open.filter((one) => one !== element))
    }
  }, [])
  return dialog
}

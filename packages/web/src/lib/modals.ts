import { type RefObject, type SyntheticEvent, useLayoutEffect, useRef } from 'react'
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

type DialogEvent = SyntheticEvent<HTMLDialogElement>

/** Ends a dialog when it is closed; by Escape at once, since whoever presses the next key means what is below. */
export const endingBy = (end: () => void) => ({
  onCancel(event: DialogEvent): void {
    // Of a field for files in it, which tells by the same name that none was chosen.
    if (event.target !== event.currentTarget) return
    event.preventDefault()
    end()
  },
  onClose({ target, currentTarget }: DialogEvent): void {
    // A dialog that was opened again at once must not hear of its former end.
    if (target === currentTarget && !currentTarget.open) end()
  },
})

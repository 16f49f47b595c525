import { createStore } from './store.ts'

/** Whether somebody is about to search: then there is room for filters. */
export const isSearching = createStore(false)

/**
 * When the field has lost the focus: not before the press, or the key, that took it is over. What lies below moves up where
 * the filters were, and a press must not find something else there when it ends.
 */
export function leaveSearch(): void {
  const over = new AbortController()
  const end = () =>
    setTimeout(() => {
      over.abort()
      if (!document.activeElement?.matches('[data-key=search]')) isSearching.set(() => false)
    })
  for (const event of ['pointerup', 'pointercancel', 'keyup']) addEventListener(event, end, { signal: over.signal })
}

import { createStore } from '../../lib/store.ts'

/** Ids of what is chosen. */
export const selection = createStore<ReadonlySet<string>>(new Set())

export const toggle = (id: string): void =>
  selection.set((chosen) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    return next
  })

export const clearSelection = (): void => selection.set(() => new Set())

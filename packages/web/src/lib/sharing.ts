import { createStore } from './store.ts'

/** What the share dialog is about. */
export type Shareable = { image: string } | { album: string }

export const sharing = createStore<Shareable | undefined>(undefined)

/** Opens the share dialog, from wherever on the page. */
export const share = (what: Shareable): void => sharing.set(() => what)

export const endSharing = (): void => sharing.set(() => undefined)

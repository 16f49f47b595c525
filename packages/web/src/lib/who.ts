import { client } from './client.ts'
import { createStore } from './store.ts'

type User = NonNullable<Awaited<ReturnType<typeof client.sessions.current>>['user']>

/** Who is signed in here; `pending` until that is known. */
export type Who = { state: 'pending' | 'unknown' | 'nobody' } | { state: 'somebody'; user: User }

export const who = createStore<Who>({ state: 'pending' })

/** Asks the server; `unknown` where it does not answer. */
export async function findWho(): Promise<void> {
  try {
    const { user } = await client.sessions.current()
    remember(user !== undefined)
    who.set(() => (user ? { state: 'somebody', user } : { state: 'nobody' }))
  } catch {
    who.set(() => ({ state: 'unknown' }))
  }
}

const remember = (isSomebody: boolean) =>
  isSomebody ? localStorage.setItem('was-in', 'yes') : localStorage.removeItem('was-in')

/** Whether somebody was signed in when this browser was here last, and so most likely still is. */
export const wasIn = (): boolean => localStorage.getItem('was-in') !== null

/** Somebody has signed out: nothing of theirs stays in the memory of this page. */
export const signedOut = (): void => location.assign('/')

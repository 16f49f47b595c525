import { createStore } from './store.ts'

/** Pictures that were dropped before anybody was signed in; uploads begin with them. */
export const waiting = createStore<readonly File[]>([])

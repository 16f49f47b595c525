import { createStore } from './store.ts'

/** Whether somebody is about to search: then there is room for filters. */
export const isSearching = createStore(false)

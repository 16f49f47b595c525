import { lazy, Suspense } from 'react'
import { useLocation } from 'wouter'
import { undoLast } from '../../components/toasts.tsx'
import { isListing, useKeys } from '../../lib/keys.ts'
import { choosePictures } from '../../lib/pick-files.ts'
import { useStore } from '../../lib/store.ts'

const KeyList = lazy(() => import('./key-list.tsx'))

/** The keys that work everywhere, and the list of all of them. */
export function Shortcuts() {
  const [, go] = useLocation()
  const isShown = useStore(isListing)
  useKeys({
    help: () => isListing.set((isOpen) => !isOpen),
    search: () => document.querySelector<HTMLElement>('[data-key=search]')?.focus(),
    upload: () => choosePictures(),
    undo: undoLast,
    goPhotos: () => go('/'),
    goAlbums: () => go('/albums'),
    goShared: () => go('/shared'),
    goTrash: () => go('/trash'),
  })
  return <Suspense>{isShown && <KeyList onClose={() => isListing.set(() => false)} />}</Suspense>
}

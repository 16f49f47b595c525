import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import Gallery from './features/gallery/gallery.tsx'
import { askForMonths } from './features/gallery/month-data.ts'
import { Shortcuts } from './features/keys/shortcuts.tsx'
import { Frame } from './frame.tsx'
import { queries } from './lib/session.ts'
import { sharing } from './lib/sharing.ts'
import { useStore } from './lib/store.ts'

const Albums = lazy(() => import('./features/albums/albums.tsx'))
const Album = lazy(() => import('./features/albums/album.tsx'))
const Shared = lazy(() => import('./features/shared/shared.tsx'))
const Trash = lazy(() => import('./features/trash/trash.tsx'))
const Settings = lazy(() => import('./features/settings/settings.tsx'))
const Admin = lazy(() => import('./features/admin/admin.tsx'))
const Sharing = lazy(() => import('./features/share/share-dialog.tsx'))
const Uploads = lazy(() => import('./features/upload/uploads.tsx'))

if (location.pathname === '/') askForMonths()

export default function SignedIn() {
  const isSharing = useStore(sharing) !== undefined
  return (
    <QueryClientProvider client={queries}>
      <Frame>
        <Suspense>
          <Switch>
            <Route path="/albums" component={Albums} />
            <Route path="/albums/:album" component={Album} />
            <Route path="/trash" component={Trash} />
            <Route path="/admin/*?" component={Admin} />
            <Route path="/shared" component={Shared} />
            <Route path="/settings/*?" component={Settings} />
            <Route component={Gallery} />
          </Switch>
        </Suspense>
      </Frame>
      <Shortcuts />
      <Suspense>
        <Uploads />
      </Suspense>
      <Suspense>{isSharing && <Sharing />}</Suspense>
    </QueryClientProvider>
  )
}

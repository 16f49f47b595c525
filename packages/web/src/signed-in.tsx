import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { lazyPart } from './components/lazy-part.tsx'
import { Pending } from './components/pending.tsx'
import Gallery from './features/gallery/gallery.tsx'
import { askForMonths } from './features/gallery/month-data.ts'
import { Shortcuts } from './features/keys/shortcuts.tsx'
import { Uploads } from './features/upload/uploads.tsx'
import { Frame } from './frame.tsx'
import { queries } from './lib/session.ts'
import { sharing } from './lib/sharing.ts'
import { useStore } from './lib/store.ts'

const Albums = lazyPart(() => import('./features/albums/albums.tsx'))
const Album = lazyPart(() => import('./features/albums/album.tsx'))
const Shared = lazyPart(() => import('./features/shared/shared.tsx'))
const Trash = lazyPart(() => import('./features/trash/trash.tsx'))
const Settings = lazyPart(() => import('./features/settings/settings.tsx'))
const Admin = lazyPart(() => import('./features/admin/admin.tsx'))
const Sharing = lazyPart(() => import('./features/share/share-dialog.tsx'))

if (location.pathname === '/') void askForMonths()

export default function SignedIn() {
  const isSharing = useStore(sharing) !== undefined
  return (
    <QueryClientProvider client={queries}>
      <Frame>
        <Suspense fallback={<Pending />}>
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
      <Uploads />
      <Suspense>{isSharing && <Sharing />}</Suspense>
    </QueryClientProvider>
  )
}

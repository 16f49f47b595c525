import { lazy, Suspense } from 'react'
import { Route, Switch } from 'wouter'
import { LoadError } from './components/load-error.tsx'
import { Toasts } from './components/toasts.tsx'
import { Welcome } from './features/welcome/welcome.tsx'
import { Frame } from './frame.tsx'
import { useMe } from './lib/session.ts'

// What only people see who are in is loaded when they are.
const Gallery = lazy(() => import('./features/gallery/gallery.tsx'))
const Trash = lazy(() => import('./features/trash/trash.tsx'))
const Settings = lazy(() => import('./features/settings/settings.tsx'))
const Uploads = lazy(() => import('./features/upload/uploads.tsx'))

export function App() {
  const me = useMe()
  if (me.isPending) return null
  if (me.isError) return <LoadError onRetry={() => void me.refetch()} />
  return (
    <>
      {me.data ? <SignedIn /> : <Welcome />}
      <Toasts />
    </>
  )
}

function SignedIn() {
  return (
    <Suspense>
      <Frame>
        <Suspense>
          <Switch>
            <Route path="/trash" component={Trash} />
            <Route path="/settings" component={Settings} />
            <Route component={Gallery} />
          </Switch>
        </Suspense>
      </Frame>
      <Uploads />
    </Suspense>
  )
}

import { Suspense } from 'react'
import { lazyPart } from './components/lazy-part.tsx'
import { LoadError } from './components/load-error.tsx'
import { Toasts } from './components/toasts.tsx'
import { Welcome } from './features/welcome/welcome.tsx'
import { useStore } from './lib/store.ts'
import { findWho, who } from './lib/who.ts'

// A first visit loads what a first visit shows, and nothing else.
const SignedIn = lazyPart(() => import('./signed-in.tsx'))

export function App() {
  const { state } = useStore(who)
  if (state === 'pending') return null
  if (state === 'unknown') return <LoadError onRetry={() => void findWho()} />
  return (
    <>
      {state === 'nobody' ? (
        <Welcome />
      ) : (
        <Suspense>
          <SignedIn />
        </Suspense>
      )}
      <Toasts />
    </>
  )
}

import { type ComponentType, lazy } from 'react'
import { LoadError } from './load-error.tsx'

interface Part<P> {
  default: ComponentType<P>
}

/**
 * A part of the page that comes when it is wanted. It may not: somebody is offline, or the server has a newer page whose files
 * are called otherwise; then its place says so, and trying again loads the page anew.
 */
export const lazyPart = <P extends object>(load: () => Promise<Part<P>>) =>
  lazy(() => load().catch((): Part<P> => ({ default: () => <LoadError onRetry={() => location.reload()} /> })))

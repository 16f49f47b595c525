import { AppError } from '@imagehost/contract'
import { say } from '../lib/words.ts'

interface LoadErrorProps {
  onRetry: () => void
  /** What the server said, if it said something. */
  error?: Error | null
}

/** Keeps its place where the content would be. */
export function LoadError({ onRetry, error }: LoadErrorProps) {
  const isAnswer = error instanceof AppError && error.code !== 'network_error' && error.code !== 'timeout'
  return (
    <div role="alert" className="flex flex-col items-center gap-4 p-12 text-center">
      <p>{isAnswer ? error.message : say('error.load')}</p>
      <button type="button" className="secondary" onClick={onRetry}>
        {say('error.retry')}
      </button>
    </div>
  )
}

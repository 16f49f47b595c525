import { say } from '../lib/words.ts'

/** Keeps its place where the content would be. */
export function LoadError({ onRetry }: { onRetry: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-4 p-12 text-center">
      <p>{say('error.load')}</p>
      <button type="button" className="secondary" onClick={onRetry}>
        {say('error.retry')}
      </button>
    </div>
  )
}

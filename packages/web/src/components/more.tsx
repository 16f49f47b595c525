import { say } from '../lib/words.ts'

interface MoreProps {
  /** A list that comes in pages. */
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> }
}

/** The next page of a list, where there is one. */
export const More = ({ of: { hasNextPage, isFetchingNextPage, fetchNextPage } }: MoreProps) =>
  hasNextPage && (
    <button
      type="button"
      className="secondary justify-self-center"
      disabled={isFetchingNextPage}
      onClick={() => void fetchNextPage()}
    >
      {say('more.show')}
    </button>
  )

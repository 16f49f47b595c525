import type { Progress, Uploaded, UploadSettings } from '@imagehost/client'
import type { NodeClient } from '@imagehost/client/node'
import type { Context } from './command.ts'
import { sayFailure } from './each.ts'
import type { Ending } from './exit-codes.ts'
import { explain } from './explain.ts'
import { inOrder } from './in-order.ts'
import type { Item } from './picture-files.ts'
import { createProgress } from './progress.ts'

interface Uploading {
  client: NodeClient
  concurrency: number
  settings: UploadSettings
  /** Called for each image, in the order of the items. */
  onImage: (image: Uploaded) => void
}

type Result = { image: Uploaded } | { error: unknown }

/** Several at a time; what fails is named in its turn, and the rest is uploaded all the same. Answers how those ended. */
export async function uploadItems(
  context: Pick<Context, 'terminal' | 'signal'>,
  items: readonly Item[],
  { client, concurrency, settings, onImage }: Uploading,
): Promise<Ending[]> {
  const { terminal, signal } = context
  const progress = createProgress(items.length, terminal.status)
  const endings: Ending[] = []
  const upload = async ({ label, read }: Item): Promise<Result> => {
    try {
      signal.throwIfAborted()
      const onProgress = (state: Progress) => progress.report(label, state)
      return { image: await client.upload(await read(), { ...settings, signal, onProgress }) }
    } catch (error) {
      return { error }
    } finally {
      progress.end(label)
    }
  }
  await inOrder(items, concurrency, upload, (result, { label }) => {
    if ('image' in result) onImage(result.image)
    else endings.push(sayItemFailure(context, label, result.error))
  })
  terminal.status()
  signal.throwIfAborted()
  return endings
}

export function sayItemFailure(
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
  label: string,
  error: unknown,
): Ending {
  signal.throwIfAborted()
  const { ending, lines } = explain(withoutPath(error))
  sayFailure({ terminal }, label, lines)
  return ending
}

/** The label says it already. */
const withoutPath = (error: unknown): unknown =>
  error instanceof Error && 'syscall' in error ? Object.assign(error, { path: undefined }) : error

import { copyFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { MetadataStore } from '../ports/metadata-store.ts'
import { readArchiveFile } from './archive/archive-file.ts'
import { createLabelling } from './archive/labelling.ts'
import { createReporter, summaryOf } from './archive/report.ts'
import { newTally, withBlobs, writeEntries } from './archive/transfer.ts'
import { archivesIn } from './backup.ts'
import { type Operation, type OperationContext, OperationError } from './operation.ts'

/** Writes a backup into the stores of this environment, whatever engines made it. Repeating it goes on where it was. */
export const restore: Operation = {
  usage: 'FOLDER [--archive NAME]',
  summary:
    'write a backup into the empty stores of this environment: the newest archive in the folder, or the one named',
  async run(context, args) {
    const { folder, name } = await read(args)
    const file = path.join(folder, 'metadata', name)
    const uids = new Set<string>()
    // To its end, before anything of it counts.
    for await (const { noun, entry } of readArchiveFile(file)) if (noun === 'account') uids.add(entry.account.uid)
    await restoreSecret(context, folder)
    const stores = await context.openStores()
    const from = await context.openFolder(path.join(folder, 'blobs'))
    try {
      await requireNothingElse(stores.metadata, uids)
      const tally = newTally()
      const onStep = createReporter(context, tally)
      const labelling = createLabelling(stores.labels)
      const entries = withBlobs(readArchiveFile(file), { from, to: stores.blobs, labelling, tally, onStep })
      await writeEntries(entries, stores.metadata, { tally, onStep })
      context.say(`${name}: ${summaryOf(tally)}.`)
      for (const problem of tally.problems) context.say(problem)
      return tally.problems.length === 0
    } finally {
      await from.close()
      await stores.close()
    }
  },
}

/** Two sites in one would show people what is not theirs. Accounts of an earlier try are there to be gone on with. */
export async function requireNothingElse(metadata: MetadataStore, uids: ReadonlySet<string>): Promise<void> {
  for await (const { account } of metadata.inventory.accounts()) {
    if (uids.has(account.uid)) continue
    throw new OperationError(
      `There is an account here that does not come from there (${account.uid}). Use an empty DATA_DIR, or an empty Redis.`,
    )
  }
}

async function restoreSecret({ secretFile }: OperationContext, folder: string): Promise<void> {
  if (secretFile === undefined) return
  const kept = await readFile(path.join(folder, 'secret-key'), 'utf8').catch(() => undefined)
  if (kept === undefined) {
    throw new OperationError(
      'The backup was made with a SECRET_KEY in a variable: set the same one here, and try again.',
    )
  }
  const here = await readFile(secretFile, 'utf8').catch(() => undefined)
  if (here !== undefined && here !== kept) {
    throw new OperationError(`${secretFile} is another secret than that of the backup. Use an empty DATA_DIR.`)
  }
  await mkdir(path.dirname(secretFile), { recursive: true, mode: 0o700 })
  await copyFile(path.join(folder, 'secret-key'), secretFile)
}

async function read(args: readonly string[]): Promise<{ folder: string; name: string }> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { archive: { type: 'string' } },
  })
  const [folder, ...rest] = positionals
  if (folder === undefined || rest.length > 0) throw new OperationError(`Usage: npm run restore -- ${restore.usage}`)
  const archives = await archivesIn(folder)
  const name = values.archive ?? archives.at(-1)
  if (name === undefined || !archives.includes(name)) {
    const there = archives.length > 0 ? `There are: ${archives.join(', ')}.` : 'It is no backup of ImageHost.'
    throw new OperationError(`There is no such archive in ${folder}. ${there}`)
  }
  return { folder: path.resolve(folder), name }
}

import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { ArchiveEntry } from './archive/entries.ts'
import { createLabelling, type Labelling } from './archive/labelling.ts'
import { readArchive } from './archive/read-archive.ts'
import { createReporter, summaryOf } from './archive/report.ts'
import { newTally, withBlobs, writeEntries } from './archive/transfer.ts'
import { verify } from './archive/verify.ts'
import { type Operation, type OperationContext, OperationError, type Stores } from './operation.ts'
import { requireNothingElse } from './restore.ts'

/** Servers believe what they know for less than a second, and finish what they have begun. */
const settleMs = 3_000

/**
 * From the stores of one environment to those of another, whatever engines they are. The bytes go first, while everybody works;
 * then the source is made read-only, what came meanwhile follows, and the metadata. Repeating it goes on where it was.
 */
export const migrate: Operation = {
  usage: '--to FILE [--from FILE] [--copy-only]',
  summary:
    'copy everything to the stores that another .env describes, and compare; the source stays read-only at the end (--copy-only: only bytes, and nothing becomes read-only)',
  async run(context, args) {
    const { from: fromFile, to: toFile, copyOnly } = read(args)
    const from = await context.openStores(fromFile)
    const to = await context.openStores(toFile)
    try {
      requireSameSecret(from, to, toFile)
      const uids = new Set<string>()
      for await (const { account } of from.metadata.inventory.accounts()) uids.add(account.uid)
      await requireNothingElse(to.metadata, uids)
      const labelling = createLabelling(to.labels)
      await copyBytes(context, from, to, labelling)
      return copyOnly || (await switchOver(context, from, to, labelling))
    } finally {
      await to.close()
      await from.close()
    }
  },
}

/** Two-factor secrets are sealed with it, and links to delete are signed: with another one they are worth nothing. */
function requireSameSecret(from: Stores, to: Stores, file: string): void {
  if (to.secrets.includes(from.secrets[0]!)) return
  throw new OperationError(
    `${file} has another secret. Set SECRET_KEY there to the one that is used here (without SECRET_KEY it is in secret-key in DATA_DIR).`,
  )
}

async function copyBytes(context: OperationContext, from: Stores, to: Stores, labelling: Labelling): Promise<void> {
  context.say('Copying bytes; the server goes on as always.')
  const tally = newTally()
  const onStep = createReporter(context, tally)
  const images = imagesOf(from)
  const transfer = { from: from.blobs, to: to.blobs, refresh: freshIn(from), labelling, tally, onStep }
  for await (const _ of withBlobs(images, transfer));
  context.say(`${summaryOf(tally) || 'There is no image'}.`)
}

async function switchOver(context: OperationContext, from: Stores, to: Stores, labelling: Labelling): Promise<boolean> {
  context.say('Nothing can be changed any more: copying metadata.')
  await from.metadata.settings.change({ read_only: true })
  await wait(settleMs)
  const tally = newTally()
  const onStep = createReporter(context, tally)
  const transfer = { from: from.blobs, to: to.blobs, refresh: freshIn(from), labelling, tally, onStep }
  await writeEntries(withBlobs(readArchive(from.metadata), transfer), to.metadata, { tally, onStep })
  context.say(`${summaryOf(tally)}.`)
  const differences = await verify(from.metadata, to, context)
  for (const problem of [...tally.problems, ...differences]) context.say(problem)
  if (differences.length > 0) {
    context.say(
      'Not all is there. Mend what is named and repeat, or let people work on: npm run admin -- read-only off',
    )
    return false
  }
  context.say(
    'All is there. Start the servers with the other environment now. Should you stay here after all: npm run admin -- read-only off',
  )
  return tally.problems.length === 0
}

async function* imagesOf({ metadata }: Stores): AsyncGenerator<ArchiveEntry> {
  for await (const entry of metadata.inventory.images()) yield { noun: 'image', entry }
}

const freshIn =
  ({ metadata }: Stores) =>
  async (id: string) =>
    (await metadata.images.find(id)) ?? metadata.trash.find(id)

function read(args: readonly string[]) {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { from: { type: 'string' }, to: { type: 'string' }, 'copy-only': { type: 'boolean', default: false } },
  })
  if (positionals.length > 0 || values.to === undefined)
    throw new OperationError(`Usage: npm run migrate -- ${migrate.usage}`)
  return { from: values.from, to: values.to, copyOnly: values['copy-only'] }
}

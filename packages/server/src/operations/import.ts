import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import { AppError } from '@imagehost/contract/errors'
import { withDefaults } from '@imagehost/contract/preferences'
import type { Visibility } from '@imagehost/contract/schemas'
import type { Caller } from '../services/access.ts'
import { inBatches } from './archive/batches.ts'
import { createLabelling } from './archive/labelling.ts'
import { readArchive } from './archive/read-archive.ts'
import { createReporter, summaryOf } from './archive/report.ts'
import { newTally, withBlobs, writeEntries } from './archive/transfer.ts'
import { type Intake, type Operation, type OperationContext, OperationError } from './operation.ts'

/** At once: decoding is what takes time, and the server beside us has work too. */
const parallel = 2
const visibilities: readonly string[] = ['public', 'unlisted', 'private'] satisfies Visibility[]

/** Brings pictures in from elsewhere, through the same steps as any upload; what is there already is not made twice. */
export const importing: Operation = {
  usage: 'directory PATH --user NAME | s3-prefix PREFIX --from FILE --user NAME | flask FILE',
  summary: [
    'pictures of a folder, or under a prefix of the bucket that a .env describes, into the account NAME (--visibility public|unlisted|',
    'private, --album ID); or everything of the Flask project that a .env describes, beside what is here',
  ].join('\n      '),
  async run(context, args) {
    const { kind, place, user, from, options } = read(args)
    if (kind === 'flask') return importSite(context, place)
    if (kind === 'directory') return importEach(context, user, options, filesIn(place))
    const { blobs, close } = await context.openStores(from)
    try {
      return await importEach(context, user, options, objectsIn(blobs, place))
    } finally {
      await close()
    }
  },
}

interface Found {
  name: string
  open(): Promise<Readable | undefined>
}

async function importEach(
  context: OperationContext,
  user: string,
  options: { visibility?: Visibility; album?: string },
  found: AsyncIterable<Found>,
): Promise<boolean> {
  const intake = await context.openIntake()
  const counts = { made: 0, 'there already': 0, refused: 0 }
  try {
    const caller = await callerNamed(intake, user)
    for await (const some of inBatches(found, parallel)) {
      await Promise.all(
        some.map(async (one) => {
          const outcome = await bringIn(intake, caller, one, options)
          if (outcome === undefined) return
          counts[typeof outcome === 'string' ? outcome : 'refused']++
          if (typeof outcome !== 'string') context.say(`${one.name}: ${outcome.message}`)
        }),
      )
      context.progress(words(counts))
    }
    context.say(`${words(counts) || 'No picture was found'}.`)
    return counts.refused === 0
  } finally {
    await intake.close()
  }
}

const words = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count.toLocaleString('en')} ${name}`)
    .join(', ')

async function bringIn(
  { uploads, spool }: Intake,
  caller: Caller,
  { name, open }: Found,
  options: { visibility?: Visibility; album?: string },
): Promise<'made' | 'there already' | AppError | undefined> {
  const stream = await open()
  if (!stream) return undefined
  try {
    const source = await spool.collect(stream)
    try {
      const mime = 'application/octet-stream'
      const { isNew } = await uploads.receive(caller, source, { filename: path.basename(name), mime, ...options })
      return isNew ? 'made' : 'there already'
    } finally {
      await source.dispose()
    }
  } catch (error) {
    // What concerns this one file; anything else ends the import, which can be repeated.
    if (error instanceof AppError && error.status < 500) return error
    throw error
  }
}

/** Files below a folder, by name; links are passed over, so that it ends. */
async function* filesIn(folder: string): AsyncGenerator<Found> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new OperationError(`${folder} cannot be read: ${error.code}.`)
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesIn(name)
    else if (entry.isFile() && !entry.name.startsWith('.')) yield { name, open: async () => createReadStream(name) }
  }
}

async function* objectsIn(blobs: Awaited<ReturnType<OperationContext['openStores']>>['blobs'], prefix: string) {
  for await (const { key } of blobs.list(prefix))
    yield { name: key, open: async () => (await blobs.open(key))?.stream } satisfies Found
}

async function callerNamed({ accounts }: Intake, name: string): Promise<Caller> {
  const account = (await accounts.findByName(name)) ?? (await accounts.findByName(name.toLowerCase()))
  if (!account) throw new OperationError(`Nobody here is called ${name}.`)
  const { uid, username, preferences = {}, quota } = account
  return {
    uid,
    username,
    scopes: ['images:read', 'images:write'],
    keyId: 'operator',
    preferences: withDefaults(preferences),
    ...(quota && { quota }),
  }
}

/** Beside what is here: names that are taken, and what belongs to them, are left out and told. */
async function importSite(context: OperationContext, file: string): Promise<boolean> {
  const from = await context.openStores(file)
  const to = await context.openStores()
  try {
    if (!to.secrets.includes(from.secrets[0]!))
      context.say(
        `FLASK_SECRET here is not that of ${file}: people log in again, since the keys that they have open nothing.`,
      )
    const tally = newTally()
    const onStep = createReporter(context, tally)
    const labelling = createLabelling(to.labels)
    const entries = withBlobs(readArchive(from.metadata), { from: from.blobs, to: to.blobs, labelling, tally, onStep })
    await writeEntries(entries, to.metadata, { tally, onStep })
    context.say(`${summaryOf(tally)}.`)
    for (const problem of tally.problems) context.say(problem)
    return tally.problems.length === 0
  } finally {
    await to.close()
    await from.close()
  }
}

function read(args: readonly string[]) {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      user: { type: 'string', default: '' },
      from: { type: 'string' },
      visibility: { type: 'string' },
      album: { type: 'string' },
    },
  })
  const [kind = '', place = '', ...rest] = positionals
  const { user, from, visibility, album } = values
  const isWhole = { directory: user !== '', 's3-prefix': user !== '' && from !== undefined, flask: true }[kind] ?? false
  if (!isWhole || place === '' || rest.length > 0)
    throw new OperationError(`Usage: npm run import -- ${importing.usage}`)
  if (visibility !== undefined && !visibilities.includes(visibility))
    throw new OperationError(`--visibility is one of ${visibilities.join(', ')}.`)
  const options = {
    ...(visibility !== undefined && { visibility: visibility as Visibility }),
    ...(album !== undefined && { album }),
  }
  return { kind, place, user, from, options }
}

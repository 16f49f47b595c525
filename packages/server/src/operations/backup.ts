import { chmod, copyFile, mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readArchiveFile, writeArchiveFile } from './archive/archive-file.ts'
import { readArchive } from './archive/read-archive.ts'
import { createReporter, summaryOf } from './archive/report.ts'
import { newTally, withBlobs } from './archive/transfer.ts'
import { type Operation, type OperationContext, OperationError } from './operation.ts'

/** As many archives are kept unless told otherwise: a month of daily ones. */
const defaultKept = 30

/**
 * A folder with one packed file of metadata for each backup, and beside them the bytes of all images that these name: what is
 * there from an earlier backup is not copied again. Works beside a running server.
 */
export const backup: Operation = {
  usage: 'FOLDER [--keep N]',
  summary: `copy all metadata and the bytes that are not there yet into a folder; keep the newest ${defaultKept} archives, or N`,
  async run(context, args) {
    const { folder, kept } = read(args)
    await mkdir(path.join(folder, 'metadata'), { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    const stores = await context.openStores()
    const to = await context.openFolder(path.join(folder, 'blobs'))
    const tally = newTally()
    try {
      const snapshot = await context.openSnapshot(stores)
      try {
        const { images, trash } = stores.metadata
        const refresh = async (id: string) => (await images.find(id)) ?? trash.find(id)
        const onStep = createReporter(context, tally)
        const entries = withBlobs(readArchive(snapshot.metadata), { from: stores.blobs, to, refresh, tally, onStep })
        const name = `${new Date(context.clock.now()).toISOString().replaceAll(':', '-')}.ndjson.gz`
        const counts = await writeArchiveFile(path.join(folder, 'metadata', name), entries)
        await keepSecret(context, folder)
        const counted = [`${counts.account} accounts, ${counts.image} images`, summaryOf(tally)].filter(Boolean)
        context.say(`${name}: ${counted.join('; ')}.`)
      } finally {
        await snapshot.close()
      }
      for (const problem of tally.problems) context.say(problem)
      // What is kept besides may be the only copy of what is missing here.
      if (tally.problems.length === 0) await prune(context, folder, kept)
      return tally.problems.length === 0
    } finally {
      await to.close()
      await stores.close()
    }
  },
}

/** Archives of a backup, the oldest first. */
export async function archivesIn(folder: string): Promise<string[]> {
  const names = await readdir(path.join(folder, 'metadata')).catch(() => [])
  return names.filter((name) => name.endsWith('.ndjson.gz')).sort()
}

/** What is deleted must go from backups too, once no archive that is kept names it. */
async function prune(context: OperationContext, folder: string, kept: number): Promise<void> {
  const archives = await archivesIn(folder)
  const old = archives.slice(0, -kept)
  for (const name of old) await rm(path.join(folder, 'metadata', name))
  const named = new Set<string>()
  for (const name of archives.slice(-kept))
    for await (const { noun, entry } of readArchiveFile(path.join(folder, 'metadata', name)))
      if (noun === 'image') named.add(entry.key)
  const blobs = await context.openFolder(path.join(folder, 'blobs'))
  let removed = 0
  for await (const { key } of blobs.list('uploads/')) {
    if (named.has(key)) continue
    await blobs.delete(key)
    removed++
  }
  await blobs.close()
  if (old.length + removed > 0)
    context.say(`Let go of ${old.length} old archives and ${removed} images that no archive names.`)
}

/** Without it sealed secrets and signed links of the archive are worth nothing. */
async function keepSecret({ secretFile, say }: OperationContext, folder: string): Promise<void> {
  if (secretFile === undefined)
    return say('SECRET_KEY is in a variable of this machine: keep a copy of it apart from this folder.')
  const copy = path.join(folder, 'secret-key')
  await copyFile(secretFile, copy)
  await chmod(copy, 0o600)
}

function read(args: readonly string[]): { folder: string; kept: number } {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { keep: { type: 'string', default: String(defaultKept) } },
  })
  const [folder, ...rest] = positionals
  if (folder === undefined || rest.length > 0) throw new OperationError(`Usage: npm run backup -- ${backup.usage}`)
  if (!/^[1-9]\d{0,4}$/.test(values.keep)) throw new OperationError('--keep is a number of archives, 1 or more.')
  return { folder: path.resolve(folder), kept: Number(values.keep) }
}

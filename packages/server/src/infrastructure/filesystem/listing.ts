import { lstat, readdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BlobEntry } from '../../ports/blob-store.ts'
import { isAbsence } from './system-errors.ts'

/** The files below `root` whose key begins with `prefix`, in ASCII order of the key; symbolic links are passed over. */
export async function* listFiles(root: string, prefix: string): AsyncGenerator<BlobEntry> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const start = resolve(root, folder)
  if ((await absentIfGone(realpath(start))) === start) yield* walk(root, folder, prefix)
}

async function* walk(root: string, folder: string, prefix: string): AsyncGenerator<BlobEntry> {
  for (const name of await namesIn(join(root, folder))) {
    const key = folder + name
    if (!key.startsWith(prefix) && !prefix.startsWith(key)) continue
    if (key.endsWith('/')) yield* walk(root, key, prefix)
    else {
      const facts = await absentIfGone(lstat(join(root, key)))
      if (facts) yield { key, size: facts.size, modifiedAt: Math.floor(facts.mtimeMs / 1000) }
    }
  }
}

/** Folders with their slash, so that `a-b` sorts before `a/b` as it does in S3. Names with a dot in front are ours. */
async function namesIn(path: string): Promise<string[]> {
  const entries = (await absentIfGone(readdir(path, { withFileTypes: true }))) ?? []
  return entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort(byCharacterCode)
}

const byCharacterCode = (a: string, b: string): number => (a < b ? -1 : 1)

/** Files come and go while we walk. */
const absentIfGone = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error) => {
    if (isAbsence(error)) return undefined
    throw error
  })

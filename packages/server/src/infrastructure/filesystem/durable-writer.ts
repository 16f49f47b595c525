import { randomUUID } from 'node:crypto'
import { link, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Clock } from '../../ports/clock.ts'
import type { DurableFolders } from './durable-folders.ts'
import { labelPath, writeLabel } from './labels.ts'
import type { RootedPaths } from './rooted-paths.ts'
import { hasCode, isAbsence } from './system-errors.ts'

/** Beside the blobs, so that a rename never crosses file systems. No key can begin with a dot. */
export const temporaryFolder = '.tmp'

interface WriterDependencies {
  root: string
  paths: RootedPaths
  folders: DurableFolders
  clock: Clock
}

/**
 * All or nothing through crashes: the bytes go to a temporary name and are on the disk before the one atomic step that
 * gives them their key: rename(2), which replaces, or link(2), which fails if the name is taken, also when many try at
 * once.
 */
export async function createDurableWriter({ root, paths, folders, clock }: WriterDependencies) {
  await sweep(join(root, temporaryFolder), clock.now() - dayMs)

  const enter = async (temporary: string, path: string, ifAbsent: boolean): Promise<boolean> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await paths.confine(path)
        if (ifAbsent) await link(temporary, path)
        else {
          // It says nothing of the bytes to come.
          await removeFile(labelPath(path))
          await rename(temporary, path)
        }
        return true
      } catch (error) {
        if (ifAbsent && hasCode(error, ['EEXIST'])) return false
        if (!hasCode(error, ['ENOENT']) || attempt === maxAttempts) throw error
        await folders.make(dirname(path)).catch((failure) => {
          if (!hasCode(failure, ['ENOENT'])) throw failure
        })
      }
    }
  }

  return {
    async write(
      key: string,
      body: Buffer | Readable,
      { size, ifAbsent = false, label }: { size: number; ifAbsent?: boolean; label?: string },
    ): Promise<boolean> {
      const path = paths.locate(key)
      const temporary = join(root, temporaryFolder, randomUUID())
      let leftOver = true
      try {
        const file = await open(temporary, 'wx')
        try {
          await file.writeFile(exactly(body, size))
          await file.datasync()
        } finally {
          await file.close()
        }
        const entered = await enter(temporary, path, ifAbsent)
        leftOver = ifAbsent
        if (!entered) return false
        // A crash may take the label and leave the bytes: whoever asks for it has to live with that.
        await Promise.all([folders.sync(dirname(path)), label !== undefined && writeLabel(path, label)])
        return true
      } finally {
        if (leftOver) await removeFile(temporary)
      }
    },

    async remove(key: string): Promise<void> {
      try {
        const path = await paths.find(key)
        await removeFile(labelPath(path))
        await unlink(path)
      } catch (error) {
        if (isAbsence(error)) return
        throw error
      }
      await folders.removeEmpty(dirname(paths.locate(key)))
    },
  }
}

/** Each attempt but the first means that somebody deleted the last other file of this folder in between. */
const maxAttempts = 50

const dayMs = 86_400_000

/** The bytes, if they are exactly `size`; the iteration destroys a stream that breaks off or runs over. */
function exactly(body: Buffer | Readable, size: number): Buffer | AsyncIterable<Buffer> {
  if (!Buffer.isBuffer(body)) return counted(body, size)
  if (body.length !== size) throw new RangeError(`${body.length} bytes instead of ${size}`)
  return body
}

async function* counted(body: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let seen = 0
  for await (const chunk of body) {
    seen += chunk.length
    if (seen > size) throw new RangeError(`More than ${size} bytes`)
    yield chunk
  }
  if (seen < size) throw new RangeError(`${seen} bytes instead of ${size}`)
}

/** What a crash left. A day is longer than any upload, so nothing that another process is writing is touched. */
async function sweep(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const facts = await stat(path).catch(() => undefined)
    if (facts && facts.mtimeMs < before) await removeFile(path)
  }
}

async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error) => {
    if (!hasCode(error, ['ENOENT'])) throw error
  })
}

import { mkdir, open, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RootedPaths } from './rooted-paths.ts'
import { hasCode } from './system-errors.ts'

/**
 * Makes folders, and makes them last. A file survives a power cut only if its name is on the disk, and so the name of
 * its folder, and so on up: each is an fsync of the folder above. What this process knows to be on the disk is
 * remembered.
 */
export function createDurableFolders({ root, paths }: { root: string; paths: RootedPaths }) {
  const known = new Set([root])

  const sync = async (folder: string): Promise<void> => {
    const handle = await open(folder)
    await handle.sync().finally(() => handle.close())
  }

  const syncName = async (folder: string): Promise<void> => {
    await sync(dirname(folder))
    if (known.size >= maxKnown) known.clear()
    known.add(folder)
  }

  const make = async (folder: string): Promise<void> => {
    try {
      await paths.confine(folder)
    } catch (error) {
      if (!hasCode(error, ['ENOENT'])) throw error
      await make(dirname(folder))
    }
    known.delete(folder)
    await mkdir(folder).catch((error) => {
      if (!hasCode(error, ['EEXIST'])) throw error
    })
  }

  return {
    /** Makes the folder and those above, one by one, since a recursive mkdir would go through a symbolic link. */
    make,

    /**
     * Puts the names in `folder`, and that of the folder itself, on the disk. Call it when there is something in it.
     */
    async sync(folder: string): Promise<void> {
      const work = [sync(folder)]
      for (let above = folder; above !== root; above = dirname(above)) {
        if (!known.has(above)) work.push(syncName(above))
      }
      await Promise.all(work)
    },

    /** Removes the folder, and those above, as far as they are empty; then puts that on the disk. */
    async removeEmpty(folder: string): Promise<void> {
      let above = folder
      for (; above !== root; above = dirname(above)) {
        known.delete(above)
        const removed = await rmdir(above).then(
          () => true,
          (error) => hasCode(error, ['ENOENT']),
        )
        if (!removed) break
      }
      await sync(above).catch((error) => {
        if (!hasCode(error, ['ENOENT'])) throw error
      })
    },
  }
}

export type DurableFolders = ReturnType<typeof createDurableFolders>

/** About 10 MB of names; each image has a folder, most are never written to again. */
const maxKnown = 50_000

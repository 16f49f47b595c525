import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkBlobKey } from '../../ports/blob-key.ts'

/**
 * Keys to paths below `root`, which must be real itself. A symbolic link inside (unpacked with somebody's backup, say)
 * must not lead a reader to /etc or a writer over it: folders are resolved before use and have to be what they seem;
 * the last name is opened with O_NOFOLLOW.
 */
export function createRootedPaths(root: string) {
  const locate = (key: string): string => {
    checkBlobKey(key)
    return join(root, key)
  }

  const confine = async (path: string): Promise<void> => {
    const folder = dirname(path)
    if ((await realpath(folder)) !== folder) throw new Error(`A symbolic link on the way to ${path}`)
  }

  return {
    locate,
    confine,
    /** The path of a key whose folder exists; fails with ENOENT if not. */
    async find(key: string): Promise<string> {
      const path = locate(key)
      await confine(path)
      return path
    },
  }
}

export type RootedPaths = ReturnType<typeof createRootedPaths>

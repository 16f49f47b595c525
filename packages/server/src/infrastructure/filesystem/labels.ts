import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { maxLabelLength } from '../../ports/blob-store.ts'

/** Beside the file, by a name that fits however long that of the file is, and that no key can have since it begins with a dot. */
export const labelPath = (path: string): string =>
  join(dirname(path), `.label-${hash('sha256', basename(path)).slice(0, labelDigits)}`)

/** More than one file in a folder is rare; 64 bits keep even those apart that somebody names on purpose. */
const labelDigits = 16

/** A torn one is as good as none: who sealed it will not open it. */
export async function writeLabel(path: string, label: string): Promise<void> {
  const file = await open(
    labelPath(path),
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW,
  )
  await file.writeFile(label).finally(() => file.close())
}

export async function readLabel(path: string): Promise<string> {
  const file = await open(labelPath(path), constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxLabelLength), 0, maxLabelLength, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}

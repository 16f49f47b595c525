import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { AppError } from '@imagehost/contract/errors'

/** Bytes that have arrived in full, in memory or in a temporary file. */
export interface Spooled {
  size: number
  /** Hex SHA-256. */
  sha256: string
  /** All of them; from a file they are read anew at each call, so call it once, when memory is admitted. */
  read(): Promise<Buffer>
  /** Gives memory and file back; harmless twice. */
  dispose(): Promise<void>
}

export type Spool = ReturnType<typeof createSpool>

/** Below this a picture stays in memory while it waits: most screenshots and web pictures do. */
const memoryPerBody = 1024 * 1024

interface SpoolOptions {
  /** For temporary files. */
  directory: string
  /** Largest body; more is `too_large`. */
  maxBytes: number
  /** Memory for all waiting bodies together; beyond it they go to files however small they are. */
  memoryBytes: number
}

/**
 * Collects bodies before work on them begins, so that many slow senders hold neither memory nor a place in the work
 * queue: an attacker who opens a thousand uploads and sends a byte a minute costs a thousand small files at most.
 */
export function createSpool({ directory, maxBytes, memoryBytes }: SpoolOptions) {
  let usedBytes = 0

  /** Reads to the end. Throws `too_large` as soon as there is too much; then nothing is kept. */
  async function collect(stream: Readable): Promise<Spooled> {
    const hash = createHash('sha256')
    const parts: Buffer[] = []
    const file = createFile(directory)
    let size = 0
    let held = 0
    try {
      for await (const part of stream as AsyncIterable<Buffer>) {
        size += part.length
        if (size > maxBytes) throw tooLarge(maxBytes)
        hash.update(part)
        parts.push(part)
        held += part.length
        usedBytes += part.length
        if (file.isOpen() || held > memoryPerBody || usedBytes > memoryBytes) {
          await file.append(parts.splice(0))
          usedBytes -= held
          held = 0
        }
      }
    } catch (error) {
      usedBytes -= held
      await file.remove()
      stream.destroy()
      throw error
    }
    return spooled(size, hash.digest('hex'), file, parts)
  }

  function spooled(size: number, sha256: string, file: ReturnType<typeof createFile>, parts: Buffer[]): Spooled {
    const inMemory = !file.isOpen()
    let disposed = false
    return {
      size,
      sha256,
      read: async () => {
        if (!inMemory) return file.read()
        // Kept as one: they are read twice, and each buffer brings V8 nearer to a full collection.
        if (parts.length > 1) parts.splice(0, parts.length, Buffer.concat(parts))
        return parts[0] ?? Buffer.alloc(0)
      },
      dispose: async () => {
        if (disposed) return
        disposed = true
        if (inMemory) usedBytes -= size
        parts.length = 0
        await file.remove()
      },
    }
  }

  return { collect, usedBytes: () => usedBytes }
}

export const tooLarge = (maxBytes: number, found?: number): AppError =>
  new AppError('too_large', {
    message: `The file is larger than the limit here: ${maxBytes} bytes.`,
    details: { limit: 'MAX_UPLOAD_BYTES', max: maxBytes, ...(found !== undefined && { found }) },
  })

/**
 * A temporary file that exists only once something is appended. It has a name for a moment only: so it is gone with this
 * process, however that ends, and nobody else can open it.
 */
function createFile(directory: string) {
  let handle: FileHandle | undefined
  let size = 0
  return {
    isOpen: () => handle !== undefined,
    append: async (parts: Buffer[]) => {
      handle ??= await openNameless(directory)
      for (const part of parts) {
        await handle.writeFile(part)
        size += part.length
      }
    },
    read: async () => {
      if (!handle) throw new Error('The file is removed.')
      return readAll(handle, size)
    },
    remove: async () => {
      await handle?.close()
      handle = undefined
    },
  }
}

async function openNameless(directory: string): Promise<FileHandle> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const name = path.join(directory, `${randomBytes(12).toString('hex')}.part`)
  const handle = await open(name, 'wx+', 0o600)
  await unlink(name)
  return handle
}

/** By position, since the handle's own stands behind what `writeFile` wrote. */
async function readAll(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at)
    if (bytesRead === 0) throw new Error('The file is shorter than what was written to it.')
    at += bytesRead
  }
  return bytes
}

import { constants } from 'node:fs'
import { access, lstat, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { checkBlobKeyPrefix } from '../../ports/blob-key.ts'
import { type BlobStore, BlobsUnavailable } from '../../ports/blob-store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SignedPaths } from '../../ports/signed-paths.ts'
import { createDurableFolders } from './durable-folders.ts'
import { createDurableWriter, temporaryFolder } from './durable-writer.ts'
import { readLabel } from './labels.ts'
import { listFiles } from './listing.ts'
import { createPathSigner } from './path-signer.ts'
import { openFile, readWhole, streamOf } from './reading.ts'
import { createRootedPaths } from './rooted-paths.ts'
import { createSignedPaths } from './signed-paths.ts'
import { isAbsence, unavailableIfDisk } from './system-errors.ts'

interface FilesystemDependencies {
  directory: string
  /** Where the server is reached from outside; asked at each call, since the port may be known only after start. */
  baseUrl: () => string
  signingKey: Buffer
  /** Addresses that these signed still work. */
  previousSigningKeys: readonly Buffer[]
  clock: Clock
  /** What an address without a bound size takes. */
  maxBytes: number
}

/** A blob store and what answers at the addresses that it presigns, since a folder has no HTTP server of its own. */
export type FilesystemStore = BlobStore & { signedPaths: SignedPaths }

/** Blobs as plain files: the key is the path, and nothing is kept beside the bytes but their label, if they have one. */
export async function createFilesystemStore(dependencies: FilesystemDependencies): Promise<FilesystemStore> {
  const { directory, baseUrl, signingKey, previousSigningKeys, clock, maxBytes } = dependencies
  await mkdir(join(directory, temporaryFolder), { recursive: true })
  const root = await realpath(directory)
  const paths = createRootedPaths(root)
  const folders = createDurableFolders({ root, paths })
  const writer = await createDurableWriter({ root, paths, folders, clock })
  const signer = createPathSigner({ baseUrl, signingKey, previousSigningKeys, clock })

  /** Beside the port's facts the time of the last change, of which the signed paths make the ETag. */
  const stat = (key: string) =>
    absentOr(async () => {
      const facts = await lstat(await paths.find(key))
      return facts.isFile() ? { size: facts.size, modifiedAtMs: facts.mtimeMs } : undefined
    })

  const open: BlobStore['open'] = (key, range) =>
    absentOr(async () => {
      const opened = await openFile(await paths.find(key))
      return opened && { stream: await streamOf(opened, range), size: opened.size }
    })

  const findLabel = (key: string) => absentOr(async () => readLabel(await paths.find(key)))

  const put = (key: string, body: Buffer | Readable, options: { size: number; ifAbsent?: boolean; label?: string }) =>
    unavailableIfDisk(() => writer.write(key, body, options))

  return {
    kind: 'filesystem',
    put,
    open,
    stat,
    read: (key, maxBytes, allocate) =>
      absentOr(async () => {
        const opened = await openFile(await paths.find(key))
        return opened && readWhole(opened, maxBytes, allocate)
      }),
    findLabel,
    async copy(from, to) {
      const source = await open(from)
      if (!source) return false
      const label = await findLabel(from)
      await put(to, source.stream, { size: source.size, ...(label && { label }) })
      return true
    },
    delete: (key) => unavailableIfDisk(() => writer.remove(key)),
    list(prefix) {
      checkBlobKeyPrefix(prefix)
      return listFiles(root, prefix)
    },
    presignPut: async (key, options) => signer.presignPut(key, options),
    presignGet: async (key, options) => signer.presignGet(key, options),
    async ping() {
      const answer = access(join(root, temporaryFolder), constants.W_OK)
      await within(2_000, answer).catch((cause) => {
        throw new BlobsUnavailable('The folder for images cannot be written', { cause })
      })
    },
    async close() {},
    signedPaths: createSignedPaths({ signer, files: { put, open, stat }, maxBytes, clock }),
  }
}

/** What is not there is undefined; a disk that is full or failing is BlobsUnavailable. */
const absentOr = <T>(read: () => Promise<T | undefined>): Promise<T | undefined> =>
  unavailableIfDisk(() =>
    read().catch((error: unknown) => {
      if (isAbsence(error)) return undefined
      throw error
    }),
  )

/** A network disk that is away blocks its calls for minutes. */
function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(() => limit.reject(new Error(`No answer within ${milliseconds} ms`)), milliseconds)
  return Promise.race([answer, limit.promise]).finally(() => clearTimeout(timer))
}

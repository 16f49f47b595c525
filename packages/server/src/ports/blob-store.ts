import type { Readable } from 'node:stream'

interface BlobStat {
  size: number
  /** As stored with the bytes; a hint, since whoever put them chose it. */
  contentType?: string
}

export interface BlobEntry {
  key: string
  size: number
  /** Unix seconds. */
  modifiedAt: number
}

/** Both ends inclusive, as in HTTP; the caller has checked them against the size. */
export interface ByteRange {
  start: number
  end: number
}

interface PutOptions {
  contentType: string
  /** Bytes to come; needed for streams. */
  size: number
  /** Writes only if nothing is there, atomically. */
  ifAbsent?: boolean
  /**
   * Words that stay with the bytes until these are replaced or deleted, and go with a copy: printable ASCII, at most
   * `maxLabelLength` of it. A store may show them to whoever it shows the bytes, so they have to be sealed.
   */
  label?: string
}

/** S3 keeps 2,048 bytes of words with an object, their name included. */
export const maxLabelLength = 2_000

export interface PresignPutOptions {
  /** The client must send exactly this Content-Type. */
  contentType: string
  /** If given, the client must send exactly this many bytes. */
  size?: number
  /** At least this long from now, except that no address outlives temporary credentials of the store's own. */
  expiresInSeconds: number
}

export interface PresignGetOptions {
  /**
   * Up to 300 the address works exactly this long. Above that it works up to 5 minutes longer and repeated calls
   * give the same address, so that caches can work. No address outlives temporary credentials of the store's own.
   */
  expiresInSeconds: number
  /** Pins the Content-Type of the answer. */
  contentType: string
  /** Pins the Content-Disposition; control characters are dropped. */
  contentDisposition?: string
}

/** Memory of exactly so many bytes. */
export type Allocate = (size: number) => Buffer

/**
 * Where bytes live. Keys are what `checkBlobKey` lets pass; others throw TypeError. Absence is `undefined` or `false`;
 * only real failures throw: `BlobsUnavailable` when the store does not answer or refuses for now.
 */
export interface BlobStore {
  readonly kind: 'filesystem' | 's3'
  /**
   * Stores all bytes or nothing, durably. False if `ifAbsent` and something is there. Replaces otherwise.
   * Throws RangeError if the bytes are more or fewer than `size`, and the stream's own error if that breaks.
   */
  put(key: string, body: Buffer | Readable, options: PutOptions): Promise<boolean>
  /**
   * The bytes (of the range) as a stream, with the size of the whole; undefined if there are none. The caller must
   * read it to its end or destroy it. Throws RangeError if the range begins behind the end.
   */
  open(key: string, range?: ByteRange): Promise<{ stream: Readable; size: number } | undefined>
  /**
   * The bytes in one Buffer, or undefined; throws RangeError, having read no more than that, if they are over
   * `maxBytes`. They lie in what `allocate` gives for their size, where that is told.
   */
  read(key: string, maxBytes: number, allocate?: Allocate): Promise<Buffer | undefined>
  stat(key: string): Promise<BlobStat | undefined>
  /** The label that the bytes there were put with; undefined if they have none, or a crash has taken it. */
  findLabel(key: string): Promise<string | undefined>
  /** False if there is no source. */
  copy(from: string, to: string): Promise<boolean>
  /** Harmless if nothing is there. */
  delete(key: string): Promise<void>
  /**
   * Blobs whose key begins with `prefix`, in ASCII order; for operations only: serving must not need the right to list.
   */
  list(prefix: string): AsyncIterable<BlobEntry>
  /** An address where a client may PUT these bytes without a key of ours. No network, no I/O. */
  presignPut(key: string, options: PresignPutOptions): Promise<Presigned>
  /**
   * An address, or a path on our own server, where anybody may GET these bytes until it expires. No network, no I/O.
   */
  presignGet(key: string, options: PresignGetOptions): Promise<string>
  /** Throws BlobsUnavailable if the store does not answer within 2 seconds. */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface Presigned {
  /** Absolute, or a path where our own server answers for the store. */
  url: string
  /** What the client must send with it. */
  headers: Record<string, string>
  /** Unix seconds. */
  expiresAt: number
}

/** The store is away, slow or refuses for now; the call may be repeated. A write may have happened all the same. */
export class BlobsUnavailable extends Error {
  override readonly name = 'BlobsUnavailable'
}

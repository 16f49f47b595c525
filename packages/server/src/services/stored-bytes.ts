import type { Readable } from 'node:stream'
import { BlobsUnavailable } from '../ports/blob-store.ts'
import type { Spool, Spooled } from './spool.ts'

/**
 * Bytes from the store, in full. Where they break off on the way it is the store that failed, which may be asked again: it
 * says nothing about the bytes. Throws BlobsUnavailable, `too_large`.
 */
export async function collectStored(spool: Spool, stream: Readable): Promise<Spooled> {
  let broken: unknown
  stream.once('error', (error) => {
    broken = error
  })
  return spool.collect(stream).catch((error) => {
    throw error === broken ? new BlobsUnavailable('The bytes broke off on their way', { cause: error }) : error
  })
}

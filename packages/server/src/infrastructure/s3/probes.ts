import { randomUUID } from 'node:crypto'
import type { BlobStore } from '../../ports/blob-store.ts'

export interface Probes {
  /** Whether anybody can read what is stored under `uploads/`: then no image here can be private. */
  isPubliclyReadable(): Promise<boolean>
  /** Whether the store obeys `If-None-Match`; one that ignores it would let two workers overwrite each other. */
  hasConditionalWrites(): Promise<boolean>
}

/** Questions that only an experiment answers: policies, access lists and account settings all have a say. */
export function createProbes({ store, bucketUrl }: { store: BlobStore; bucketUrl: URL }): Probes {
  const withProbe = async (experiment: (key: string) => Promise<boolean>): Promise<boolean> => {
    const key = `uploads/probe/${randomUUID()}`
    await store.put(key, bytes, { ...options, ifAbsent: false })
    return experiment(key).finally(() => store.delete(key))
  }

  return {
    isPubliclyReadable: () =>
      withProbe(async (key) => {
        const address = `${bucketUrl.href.replace(/\/$/, '')}/${key}`
        const answer = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
        await answer.body?.cancel()
        return answer.ok
      }),
    hasConditionalWrites: () =>
      withProbe(async (key) => !(await store.put(key, bytes, { ...options, ifAbsent: true }))),
  }
}

const bytes = Buffer.from('May anybody read this?')
const options = { contentType: 'text/plain', size: bytes.length }

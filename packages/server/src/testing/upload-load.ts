import type { Image } from '@imagehost/client'
import { expect, vi } from 'vitest'
import { pictures } from './pictures.ts'
import type { Uploader } from './uploader.ts'

/** Uploads of each phase: before a fault, after it; and refusals during it. */
const enough = 20

export interface UploadLoad {
  acknowledged: readonly Image[]
  refusals: readonly Response[]
  /** When so much was refused that the fault is there for sure. */
  untilRefused(): Promise<void>
  /** When so much more was acknowledged, within the time. */
  untilWorking(timeoutMs: number): Promise<void>
  /** Lets all come to their end; throws if one broke off without an answer, unless that is what the fault does. */
  end(): Promise<void>
}

/** Four people who upload without pause and without retries, two of them by presigned addresses; it is under way when this returns. */
export async function startUploadLoad(uploader: Uploader, { mayBreakOff = false } = {}): Promise<UploadLoad> {
  const acknowledged: Image[] = []
  const refusals: Response[] = []
  let seed = 0
  let isOver = false

  const uploading = async (upload: (bytes: Buffer) => Promise<Response>) => {
    while (!isOver) {
      const bytes = await pictures.jpeg({ seed: seed++ })
      const answer = await upload(bytes).catch((error) => {
        if (mayBreakOff) return undefined
        throw error
      })
      if (answer?.ok) acknowledged.push((await answer.json()) as Image)
      else if (answer) refusals.push(answer)
    }
  }
  const directly = (bytes: Buffer) => sendDirectly(uploader, bytes)
  const people = [uploader.send, uploader.send, directly, directly].map(uploading)
  const failed = Promise.all(people)
  failed.catch(() => {})

  async function untilWorking(timeout: number): Promise<void> {
    const wanted = acknowledged.length + enough
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThanOrEqual(wanted), { timeout })
  }

  const firstMs = 20_000
  await untilWorking(firstMs)
  return {
    acknowledged,
    refusals,
    untilWorking,
    async untilRefused() {
      await vi.waitFor(() => expect(refusals.length).toBeGreaterThan(enough), { timeout: 10_000 })
    },
    async end() {
      isOver = true
      await failed
    },
  }
}

/** By a presigned address; a request that is refused is the answer. */
async function sendDirectly(uploader: Uploader, bytes: Buffer): Promise<Response> {
  const requested = await uploader.request()
  if (!requested.ok) return requested
  const { iid, presigned_url: address } = await requested.json()
  const put = await uploader.tryPut(address, bytes)
  return put.ok ? uploader.complete(iid) : put
}

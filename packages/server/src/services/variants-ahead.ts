import { type PresetName, presetTransform } from '@imagehost/contract/presets'
import type { Transform } from '@imagehost/contract/transforms'
import type { ImageRecord } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import { withFormat } from './variant-format.ts'
import { presetsAhead } from './variant-name.ts'
import type { Variants } from './variants.ts'
import type { WorkLane } from './work-queue.ts'

/** Bytes of originals that wait for this; beyond that an upload goes without, and its variants are made when they are asked for. */
const maxWaitingBytes = 32 * 1024 * 1024

export type VariantsAhead = ReturnType<typeof createVariantsAhead>

/** Makes the first variants right after an upload, from the bytes that are still in memory, as far as nothing else is to be done. */
export function createVariantsAhead(deps: { variants: Variants; idle: WorkLane; isOn: boolean; log: Log }) {
  const { variants, idle, isOn, log } = deps
  const waiting: { image: ImageRecord; bytes: Buffer }[] = []
  let waitingBytes = 0
  let isStopping = false
  let working: Promise<void> | undefined

  function add(image: ImageRecord, bytes: Buffer): void {
    if (!isOn || isStopping || waitingBytes + bytes.length > maxWaitingBytes) return
    waiting.push({ image, bytes })
    waitingBytes += bytes.length
    working ??= work().finally(() => {
      working = undefined
    })
  }

  async function work(): Promise<void> {
    while (waiting.length > 0 && !isStopping) {
      const { image, bytes } = waiting.shift()!
      await makeBoth(image, bytes).catch((err) =>
        log.info({ err, image: image.id }, 'Variants were not made ahead; they are made when somebody asks.'),
      )
      waitingBytes -= bytes.length
    }
  }

  async function makeBoth(image: ImageRecord, bytes: Buffer): Promise<void> {
    for (const preset of presetsAhead) {
      const transform = presetTransform(preset, undefined)
      if (transform && !isStopping && isWorthwhile(preset, transform, image))
        await variants.makeAhead(image, withFormat(transform, image, undefined), bytes, idle)
    }
  }

  return {
    add,
    /** When all that waits is made: for tests. */
    settled: async () => working,
    /** Waits for the one that is being made, and for no other. */
    close: async () => {
      isStopping = true
      waiting.length = 0
      await working
    },
  }
}

/**
 * A grid asks for many thumbs at once. Any other is made ahead only where it makes the picture smaller: at the same size it is
 * six times the work of the upload itself (measured: 32 ms for 1024 × 768), for some bytes fewer.
 */
const isWorthwhile = (preset: PresetName, { w, h }: Transform, { width, height }: ImageRecord): boolean =>
  preset === 'thumb' || (width ?? Infinity) > (w ?? 0) || (height ?? Infinity) > (h ?? 0)

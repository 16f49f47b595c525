import { Worker } from 'node:worker_threads'
import type { DecodedHeic } from './heic-worker.ts'
import type { ImageLimits, Inspection } from './inspect.ts'
import { profileOf } from './isobmff.ts'
import { withProfile } from './jpeg-profile.ts'
import { corrupt, tooComplex } from './refusals.ts'
import { sharp } from './sharp.ts'

/**
 * The primary picture of a HEIC file as a JPEG, already turned, and without metadata but for its colour profile.
 * sharp's own libheif comes without a HEVC decoder, so this is libheif as WebAssembly, in a thread that is ended when
 * the time is over or `signal` aborts: a decoder of hostile input is not trusted to end by itself.
 */
export async function heicToJpeg(
  bytes: Buffer,
  { limits, inspection, signal, timeoutMs = 30_000 }: HeicOptions,
): Promise<Buffer> {
  signal?.throwIfAborted()
  const { width, height, rgb } = await decodeInThread(bytes, timeoutMs, signal)
  if (width * height > limits.maxPixels) throw tooComplex('pixels', limits.maxPixels, width * height)
  if (width !== inspection.width || height !== inspection.height) throw corrupt('not of the size that it tells')
  // HEIC halves the resolution of colour already, so that JPEG loses nothing by doing the same; at 90 what encoding
  // once more costs is not seen.
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality: 90, chromaSubsampling: '4:2:0' })
    .toBuffer()
  return withProfile(jpeg, profileOf(bytes))
}

interface HeicOptions {
  limits: ImageLimits
  /** Of the same bytes. */
  inspection: Inspection
  signal?: AbortSignal
  timeoutMs?: number
}

function decodeInThread(bytes: Buffer, timeoutMs: number, signal: AbortSignal | undefined): Promise<DecodedHeic> {
  const worker = new Worker(new URL('./heic-worker.ts', import.meta.url), {
    workerData: bytes,
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
    // WebAssembly's memory is not counted here; its own limit is 2 GB.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  })
  return new Promise<DecodedHeic>((resolve, reject) => {
    const abort = (): void => reject(signal?.reason)
    const timer = setTimeout(() => reject(tooComplex('milliseconds', timeoutMs, timeoutMs)), timeoutMs)
    signal?.addEventListener('abort', abort)
    worker.once('message', resolve)
    worker.once('error', (error) => reject(corrupt(`libheif: ${error}`)))
    worker.once('exit', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      reject(corrupt('libheif: cannot be decoded'))
    })
  }).finally(() => worker.terminate())
}

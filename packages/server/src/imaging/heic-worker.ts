import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

/**
 * Runs in a thread of its own, which may be ended at any moment: decodes the primary picture of the HEIC file in
 * `workerData` and posts its pixels, turned as the container tells. Ends without a word if that fails.
 */

/** The part of libheif's own interface that is used here; the package describes none of it. */
interface Libheif {
  heif_error_code: { heif_error_Ok: unknown }
  heif_colorspace: { heif_colorspace_RGB: unknown }
  heif_chroma: { heif_chroma_interleaved_RGB: unknown }
  heif_context_alloc(): object
  heif_context_read_from_memory(context: object, bytes: Uint8Array): { code: unknown }
  heif_js_context_get_primary_image_handle(context: object): { code?: unknown }
  heif_js_decode_image2(handle: object, colorspace: unknown, chroma: unknown): Promise<Decoded>
}

interface Decoded {
  code?: unknown
  channels?: { width: number; height: number; stride: number; data: Uint8Array }[]
}

export interface DecodedHeic {
  width: number
  height: number
  /** Three bytes a pixel, row by row. */
  rgb: Uint8Array
}

const libheif: Libheif = createRequire(import.meta.url)('libheif-js/wasm-bundle')

const decoded = await decodePrimary(workerData)
if (decoded !== undefined) parentPort?.postMessage(decoded, [decoded.rgb.buffer as ArrayBuffer])

async function decodePrimary(bytes: Uint8Array): Promise<DecodedHeic | undefined> {
  const context = libheif.heif_context_alloc()
  const { code } = libheif.heif_context_read_from_memory(context, bytes)
  if (code !== libheif.heif_error_code.heif_error_Ok) return undefined
  const handle = libheif.heif_js_context_get_primary_image_handle(context)
  if (handle.code !== undefined) return undefined
  const { heif_colorspace_RGB } = libheif.heif_colorspace
  const { heif_chroma_interleaved_RGB } = libheif.heif_chroma
  const { channels } = await libheif.heif_js_decode_image2(handle, heif_colorspace_RGB, heif_chroma_interleaved_RGB)
  const channel = channels?.[0]
  return channel && { width: channel.width, height: channel.height, rgb: withoutPadding(channel) }
}

function withoutPadding({
  width,
  height,
  stride,
  data,
}: {
  width: number
  height: number
  stride: number
  data: Uint8Array
}): Uint8Array {
  const rgb = new Uint8Array(3 * width * height)
  for (let row = 0; row < height; row += 1)
    rgb.set(data.subarray(row * stride, row * stride + 3 * width), 3 * row * width)
  return rgb
}

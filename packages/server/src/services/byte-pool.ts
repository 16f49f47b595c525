/** Sizes differ by this at least, so that one picture's memory fits the next. */
const stepBytes = 256 * 1024

/**
 * Memory for pictures that come and go, used again. V8 counts what lies outside of its heap: each 5 MB of buffers that are left to
 * it began a collection of the whole heap, which took a third of the CPU of transforms (measured on 12-megapixel JPEGs of 1.3 MB).
 */
export function createBytePool({ keptBytes }: { keptBytes: number }) {
  const own = new WeakSet<ArrayBufferLike>()
  const free: ArrayBuffer[] = []
  let held = 0

  /** Exactly so many bytes, with anything in them. */
  function take(size: number): Buffer {
    const at = free.findIndex(({ byteLength }) => byteLength >= size && byteLength <= 4 * size + stepBytes)
    if (at < 0) return make(size)
    const [found] = free.splice(at, 1)
    held -= found!.byteLength
    return Buffer.from(found!, 0, size)
  }

  function make(size: number): Buffer {
    const fresh = new ArrayBuffer(Math.ceil(size / stepBytes) * stepBytes)
    own.add(fresh)
    return Buffer.from(fresh, 0, size)
  }

  /** Nobody may look at these bytes any more. What is too much is left to V8 after all. */
  function give({ buffer }: Buffer): void {
    if (!(buffer instanceof ArrayBuffer) || !own.has(buffer) || free.includes(buffer)) return
    if (held + buffer.byteLength > keptBytes) return
    free.push(buffer)
    held += buffer.byteLength
  }

  return { take, give, held: () => held }
}

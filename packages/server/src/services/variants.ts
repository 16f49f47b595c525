import { hash } from 'node:crypto'
import { AppError } from '@imagehost/contract/errors'
import { formats } from '@imagehost/contract/formats'
import type { TransformTo } from '@imagehost/contract/transforms'
import { LRUCache } from 'lru-cache'
import { type ImageLimits, type Inspection, inspect } from '../imaging/inspect.ts'
import { transform } from '../imaging/transform.ts'
import { transformBytes } from '../imaging/transform-memory.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import type { KnownVariant, VariantRecord, Variants as VariantsPort } from '../ports/variants.ts'
import { createBytePool } from './byte-pool.ts'
import type { OnStep } from './pictures.ts'
import { lastingNames, variantKey, variantName } from './variant-name.ts'
import type { VariantRemoval } from './variant-removal.ts'
import type { Place, WorkLane } from './work-queue.ts'

/** Facts remembered, about 200 bytes each. */
const knownVariants = 20_000
/**
 * For so long; then they are looked up again, which is how a use is noted once a day. Where somebody else sends the bytes, nobody
 * tells us that they are gone, because too many others were there: so we look sooner.
 */
const knownMs = { here: 24 * 3_600_000, elsewhere: 10_000 }
const noteUseAfterSeconds = 24 * 3_600
/** Originals up to this size are kept while they wait for memory, larger ones read once more: 64 may wait. */
const keptBytes = 1024 * 1024
/** Memory for originals that is kept between two makes. */
const poolBytes = 16 * 1024 * 1024

interface VariantsDependencies {
  variants: VariantsPort
  removal: VariantRemoval
  blobs: BlobStore
  /** Where visitors wait. */
  lane: WorkLane
  /** Keeps in memory the bytes that somebody waits for. */
  remember: (image: Pick<ImageRecord, 'id' | 'sha256'>, bytes: Buffer) => void
  limits: ImageLimits & { maxBytes: number; maxVariants: number }
  /** Who reads them from the store when they are asked for. */
  readBy: 'here' | 'elsewhere'
  /** Told the steps of each one that is made: `variant`, `variant begin`, `variant put`, `variant commit`. */
  onStep: OnStep
  clock: Clock
  log: Log
}

export type Variants = ReturnType<typeof createVariants>

interface Source {
  bytes: Buffer
  inspection: Inspection
}

/** Takes what was made, before it is asked for. */
type Keep = (made: Buffer, etag: string) => void

/** Asked before a variant is really made: throws what forbids it. */
type Admit = () => Promise<void> | void

/**
 * Each variant of an image is made once, stored, and found there by all servers. It is written down before its bytes are
 * put, so that a crash leaves nothing that nobody knows of, and counts only once it is committed, which fails if the image was
 * deleted meanwhile.
 */
export function createVariants(deps: VariantsDependencies) {
  const { variants, removal, blobs, lane, remember, limits, readBy, onStep, clock, log } = deps
  const known = new LRUCache<string, VariantRecord>({
    max: knownVariants,
    ttl: knownMs[readBy],
    perf: { now: clock.now },
  })
  const making = new Map<string, Promise<VariantRecord>>()
  const pool = createBytePool({ keptBytes: poolBytes })
  const shown = new WeakMap<ImageRecord, Map<string, ImageRecord>>()

  /**
   * The image as this variant of it, which can be served as any other; made if there is none. Without waiting where it is known.
   * Throws what `admit` throws, `overloaded`, `image_too_complex`, and `not_found` if the image is deleted meanwhile.
   */
  function find(image: ImageRecord, to: TransformTo, admit: Admit): Promise<ImageRecord> | ImageRecord {
    const name = variantName(image, to)
    const facts = known.get(placeOf(image, name))
    if (facts) return show(image, name, to, facts)
    return look(image, name, to, admit).then((found) => show(image, name, to, found))
  }

  async function look(image: ImageRecord, name: string, to: TransformTo, admit: Admit): Promise<VariantRecord> {
    const place = placeOf(image, name)
    const underway = making.get(place)
    if (underway) return underway
    const found = lastingNames.has(name) ? await readLasting(image, name) : await variants.find(image.id, name)
    if (!found) return make(image, name, to, admit)
    noteUse(image.id, name, found)
    known.set(place, found)
    return found
  }

  /** Its bytes tell all that a record would. */
  async function readLasting(image: ImageRecord, name: string): Promise<KnownVariant | undefined> {
    const bytes = await blobs.read(variantKey(image.id, name), limits.maxBytes)
    if (!bytes) return undefined
    const etag = etagOf(bytes)
    remember({ id: image.id, sha256: etag }, bytes)
    return { size: bytes.length, etag, madeAt: image.createdAt, usedAt: unixSeconds(clock) }
  }

  /** The one that should be there is not: somebody else let it go. Makes it anew. */
  async function remake(image: ImageRecord, to: TransformTo, admit: Admit): Promise<ImageRecord> {
    const name = variantName(image, to)
    known.delete(placeOf(image, name))
    return show(image, name, to, await make(image, name, to, admit))
  }

  /** Before anybody asks, in a lane that only uses what is left over, from bytes that are at hand. */
  async function makeAhead(image: ImageRecord, to: TransformTo, bytes: Buffer, idle: WorkLane): Promise<void> {
    const name = variantName(image, to)
    const inspection = inspect(bytes, limits)
    await idle.run(transformBytes(inspection, to), async (place) => {
      if (making.has(placeOf(image, name)) || known.has(placeOf(image, name))) return
      await once(image, name, () => produce(image, name, to, { bytes, inspection, place, keep: () => {} }))
    })
  }

  /** Whoever asks while it is made waits for the same one. */
  async function make(image: ImageRecord, name: string, to: TransformTo, admit: Admit): Promise<VariantRecord> {
    const place = placeOf(image, name)
    const underway = making.get(place)
    if (underway) return underway
    await admit()
    return making.get(place) ?? once(image, name, () => fromStore(image, name, to))
  }

  function once(image: ImageRecord, name: string, work: () => Promise<VariantRecord>): Promise<VariantRecord> {
    const place = placeOf(image, name)
    const working = work()
      .then((made) => {
        known.set(place, made)
        return made
      })
      .finally(() => making.delete(place))
    making.set(place, working)
    return working
  }

  /** The headers alone tell how much memory it will take: where that is not free at once, the place is given back first. */
  async function fromStore(image: ImageRecord, name: string, to: TransformTo): Promise<VariantRecord> {
    const size = image.size ?? limits.maxBytes
    const keep = (made: Buffer, etag: string) => remember({ id: image.id, sha256: etag }, made)
    const first = await lane.run(size, async (place) => {
      const source = await read(image)
      const needed = size + transformBytes(source.inspection, to)
      if (place.extend(needed)) return produce(image, name, to, { ...source, place, keep })
      if (size <= keptBytes) return { needed, kept: source }
      pool.give(source.bytes)
      return { needed, kept: undefined }
    })
    if (!('needed' in first)) return first
    const { needed, kept } = first
    return lane.run(needed, async (place) =>
      produce(image, name, to, { ...(kept ?? (await read(image))), place, keep }),
    )
  }

  async function read({ key }: ImageRecord): Promise<Source> {
    const bytes = await blobs.read(key, limits.maxBytes, pool.take)
    if (!bytes) throw new AppError('not_found')
    return { bytes, inspection: inspect(bytes, limits) }
  }

  async function produce(
    image: ImageRecord,
    name: string,
    to: TransformTo,
    { bytes, inspection, place, keep }: Source & { place: Place; keep: Keep },
  ): Promise<VariantRecord> {
    const made = await transform(bytes, inspection, to)
    pool.give(bytes)
    place.keepOnly(made.length)
    await onStep('variant')
    return store(image, name, { bytes: made, contentType: formats[to.format].mime, keep })
  }

  async function store(
    { id, createdAt }: ImageRecord,
    name: string,
    { bytes, contentType, keep }: { bytes: Buffer; contentType: string; keep: Keep },
  ): Promise<VariantRecord> {
    const begun = await variants.begin(id, name, { now: unixSeconds(clock), max: limits.maxVariants })
    if (begun.state === 'gone') throw new AppError('not_found')
    if (begun.state !== 'begun') throw new AppError('overloaded', { retryAfterSeconds: 1 })
    await onStep('variant begin')
    const key = variantKey(id, name)
    const isFirst = await blobs.put(key, bytes, { contentType, size: bytes.length, ifAbsent: true })
    // Of two servers that make it at once the first counts; on another kind of machine its bytes may differ.
    const lying = isFirst ? bytes : ((await blobs.read(key, limits.maxBytes)) ?? bytes)
    await onStep('variant put')
    const isLasting = lastingNames.has(name)
    const madeAt = isLasting ? createdAt : unixSeconds(clock)
    const record = { size: lying.length, etag: etagOf(lying), madeAt }
    if (!(await (isLasting ? variants.settle(id, name) : variants.commit(id, name, record)))) {
      await removal.withdraw(id, name)
      throw new AppError('not_found')
    }
    await onStep('variant commit')
    keep(lying, record.etag)
    removal.drop(begun.surplus).catch((err) => log.warn({ err, image: id }, 'Old variants wait for the sweeper.'))
    return record
  }

  function noteUse(id: string, name: string, { usedAt }: KnownVariant): void {
    const now = unixSeconds(clock)
    if (now - usedAt < noteUseAfterSeconds) return
    variants.touch(id, name, now).catch((err) => log.warn({ err, image: id }, 'The use of a variant was not noted.'))
  }

  /** The same object while the record and the variant are the same: headers are made once for it. */
  function show(image: ImageRecord, name: string, { format }: TransformTo, facts: VariantRecord): ImageRecord {
    const others = shown.get(image) ?? new Map<string, ImageRecord>()
    shown.set(image, others)
    const seen = others.get(name)
    if (seen?.sha256 === facts.etag) return seen
    const { size, etag, madeAt } = facts
    const key = variantKey(image.id, name)
    const variant = { ...image, key, mime: formats[format].mime, size, sha256: etag, createdAt: madeAt }
    others.set(name, variant)
    return variant
  }

  return { find, remake, makeAhead }
}

const placeOf = ({ id }: ImageRecord, name: string): string => `${id}/${name}`

const etagOf = (bytes: Buffer): string => hash('sha256', bytes, 'base64url').slice(0, 22)

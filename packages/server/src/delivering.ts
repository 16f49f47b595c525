import type { Config } from './config.ts'
import type { BlobStore } from './ports/blob-store.ts'
import type { Clock } from './ports/clock.ts'
import type { Log } from './ports/log.ts'
import type { MetadataStore } from './ports/metadata-store.ts'
import { readSigningKeys } from './secrets.ts'
import type { AlbumAccess } from './services/album-access.ts'
import { createDelivery } from './services/delivery.ts'
import type { ImageReader } from './services/image-reader.ts'
import type { ShareOpenings } from './services/share-openings.ts'
import { createTransformSigning } from './services/transform-signing.ts'
import { createTransforms } from './services/transforms.ts'
import { createVariantRemoval } from './services/variant-removal.ts'
import { createVariants } from './services/variants.ts'
import { createVariantsAhead } from './services/variants-ahead.ts'
import type { Views } from './services/views.ts'
import type { WorkQueue } from './services/work-queue.ts'

/** Visitors who wait for a variant: no longer than they would look at an empty page, and not more than may be served by then. */
const variantWaitMs = 10_000
const variantQueue = 64

type VariantsDependencies = Parameters<typeof createVariants>[0]

/** Config → the services of what goes out: images and their variants, made when they are asked for or ahead of it, and let go of. */
export function createDelivering(deps: {
  config: Config
  metadata: MetadataStore
  blobs: BlobStore
  reader: ImageReader
  views: Views
  albumAccess: AlbumAccess
  shareOpenings: ShareOpenings
  work: WorkQueue
  /** Pictures that are worked on at once. */
  slots: number
  limits: Omit<VariantsDependencies['limits'], 'maxBytes' | 'maxVariants'>
  onStep: VariantsDependencies['onStep']
  clock: Clock
  log: Log
}) {
  const { config, metadata, blobs, reader, views, albumAccess, shareOpenings } = deps
  const { work, slots, limits, onStep, clock, log } = deps
  const delivery = createDelivery({ reader, blobs, views, albumAccess, publicStorageUrl: config.S3_PUBLIC_URL })
  const removal = createVariantRemoval({ variants: metadata.variants, blobs, clock, days: config.VARIANT_DAYS })
  const variants = createVariants({
    variants: metadata.variants,
    removal,
    blobs,
    // One more than there are cores: one of them reads its picture or hands it out.
    lane: work.lane({ kind: 'usual', slots: slots + 1, queue: variantQueue, maxWaitMs: variantWaitMs }),
    remember: delivery.remember,
    readBy: config.DELIVERY === 'stream' ? 'here' : 'elsewhere',
    limits: { ...limits, maxBytes: config.MAX_UPLOAD_BYTES, maxVariants: config.MAX_VARIANTS },
    onStep,
    clock,
    log,
  })
  const idle = work.lane({ kind: 'idle', queue: 1 })
  const signing = createTransformSigning({ ...readSigningKeys(config, 'transforms'), clock })
  return {
    delivery,
    removal,
    ahead: createVariantsAhead({ variants, idle, isOn: config.VARIANTS_AHEAD, log }),
    transforms: createTransforms({ reader, delivery, variants, signing, shareOpenings }),
  }
}

import { AppError } from '@imagehost/contract/errors'
import { printTransform, type Transform } from '@imagehost/contract/transforms'
import type { ImageRecord } from '../ports/images.ts'
import { type Caller, canSeeSigned, mayTransform, requireOwner } from './access.ts'
import type { Delivery } from './delivery.ts'
import type { ImageReader } from './image-reader.ts'
import type { ShareOpenings } from './share-openings.ts'
import type { Signature, TransformSigning } from './transform-signing.ts'
import { withFormat } from './variant-format.ts'
import type { Variants } from './variants.ts'

/** What somebody asks for, and by which right. */
export interface AskedVariant {
  readonly transform: Transform
  readonly isPreset: boolean
  readonly signature?: Signature
  /** Whose grant the signature is, if not the owner's own for this. */
  readonly share?: { readonly slug: string; readonly isDownload: boolean }
}

/** Who asks, and how. */
interface Asking {
  caller: Caller | undefined
  accept: string | undefined
  /** Called before a variant is really made; throws where that is too often. */
  admit: () => Promise<void> | void
}

export type Transforms = ReturnType<typeof createTransforms>

/** Who may have which variant of which image. */
export function createTransforms(deps: {
  reader: ImageReader
  delivery: Delivery
  variants: Variants
  signing: TransformSigning
  shareOpenings: Pick<ShareOpenings, 'admit'>
}) {
  const { reader, delivery, variants, signing, shareOpenings } = deps
  const found = new WeakMap<ImageRecord, WeakMap<AskedVariant, ImageRecord>>()

  /**
   * The image as it is asked for, to be served like any other. A preset is for everybody who may see the image, everything else for
   * its owner and for holders of a signature, which opens a private image too; a share gives presets and the image itself. Throws `not_found`, the signature's errors, and
   * as `Variants.find` does.
   */
  function find(id: string, asked: AskedVariant, asking: Asking): Promise<ImageRecord> | ImageRecord {
    const image = permitted(id, asked, asking)
    return image instanceof Promise
      ? image.then((found) => variantOf(found, asked, asking))
      : variantOf(image, asked, asking)
  }

  /** Where a variant that should be there is not. */
  async function findAnew(id: string, asked: AskedVariant, asking: Asking): Promise<ImageRecord> {
    const image = await permitted(id, asked, asking)
    found.delete(image)
    return variants.remake(image, withFormat(asked.transform, image, asking.accept), asking.admit)
  }

  function permitted(id: string, asked: AskedVariant, { caller }: Asking) {
    const { transform, isPreset, signature, share } = asked
    if (share) return throughShare(id, asked, share)
    if (signature) {
      // Before the image is looked for: a wrong one is answered alike whether it is there or not.
      signing.check(id, printTransform(transform), signature)
      const known = reader.peek(id)
      return known ? opened(known, caller) : readSigned(id, caller)
    }
    const image = delivery.find(caller, id)
    const check = (found: ImageRecord) => {
      if (!isPreset && !mayTransform(caller, found)) throw new AppError('signature_needed')
      return found
    }
    return image instanceof Promise ? image.then(check) : check(image)
  }

  async function throughShare(id: string, asked: AskedVariant, share: NonNullable<AskedVariant['share']>) {
    const { transform, isPreset, signature } = asked
    if (!signature) throw new AppError('not_found')
    if (!isPreset && !isNothing(transform)) throw new AppError('signature_needed')
    return shareOpenings.admit(id, { ...share, grant: signature, isPreset })
  }

  const readSigned = async (id: string, caller: Caller | undefined) => opened(await reader.get(id), caller)

  function opened(image: ImageRecord | undefined, caller: Caller | undefined): ImageRecord {
    if (!image || !canSeeSigned(caller, image)) throw new AppError('not_found')
    return image
  }

  /** For as long as the record is known, which is a moment, what the same query asked of it is known too. */
  function variantOf(image: ImageRecord, asked: AskedVariant, { accept, admit }: Asking) {
    const { transform } = asked
    if (isNothing(transform)) return image
    const seen = found.get(image)?.get(asked)
    if (seen) return seen
    const variant = variants.find(image, withFormat(transform, image, accept), admit)
    if (variant instanceof Promise || transform.format === 'auto') return variant
    const others = found.get(image) ?? new WeakMap<AskedVariant, ImageRecord>()
    found.set(image, others.set(asked, variant))
    return variant
  }

  /** Signs for whoever gets the address. Throws as `requireOwner` does. */
  async function sign(caller: Caller, id: string, transform: Transform, expiresInSeconds: number) {
    const image = requireOwner(caller, await reader.get(id))
    return { image, signature: signing.sign(id, printTransform(transform), expiresInSeconds) }
  }

  return { find, findAnew, sign }
}

/** Nothing is to be done: that is the image itself. */
export const isNothing = (transform: Transform): boolean => Object.keys(transform).length === 0

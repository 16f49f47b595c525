import { AppError } from '@imagehost/contract/errors'
import { type BlobStore, BlobsUnavailable, type Presigned } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord, Images } from '../ports/images.ts'
import type { Claim, Draft, Uploads as UploadsPort, UploadTrace } from '../ports/uploads.ts'
import { type Caller, isExpired, isGuest, visibilityOf } from './access.ts'
import type { AlbumIntake } from './album-intake.ts'
import type { Blocklist } from './blocklist.ts'
import { type Drafts, draftGraceSeconds, type NewUpload, type UploadRules } from './drafts.ts'
import { type ImageMaker, inProgress } from './image-maker.ts'
import { leaseUntil, underLease } from './lease.ts'
import type { OnStep } from './pictures.ts'
import { type Spool, type Spooled, tooLarge } from './spool.ts'
import { stagingKey } from './storage-key.ts'
import { collectStored } from './stored-bytes.ts'

interface UploadsDependencies {
  uploads: UploadsPort
  images: Images
  blobs: BlobStore
  drafts: Drafts
  maker: ImageMaker
  intake: Pick<AlbumIntake, 'check' | 'enter' | 'withdraw'>
  spool: Spool
  blocklist: Pick<Blocklist, 'refuse'>
  clock: Clock
  rules: UploadRules
  onStep: OnStep
}

/** `isNew`: made by this very call, not found by its repetition. */
export interface Completed {
  image: ImageRecord
  isNew: boolean
}

export type Uploads = ReturnType<typeof createUploads>

/** Faults of the bytes themselves: repeating the call with the same bytes could never succeed. */
const finalRefusals: ReadonlySet<AppError['code']> = new Set<AppError['code']>([
  'unsupported_type',
  'image_corrupt',
  'image_too_complex',
  'infected',
  'blocked_content',
  'content_mismatch',
  'too_large',
  'quota_exceeded',
])

/**
 * From the first request to the committed image. Every state in between is safe to meet after a crash: nothing is
 * served before `commit`, repeating the call goes on where it stopped, and the sweeper ends what nobody repeats.
 */
export function createUploads(deps: UploadsDependencies) {
  const { uploads, images, blobs, drafts, maker, intake, spool, blocklist, clock, rules, onStep } = deps

  /** Opens a draft and an address for its bytes. Throws `too_large`, `too_many_drafts`, `quota_exceeded`, `storage_public`. */
  async function request(caller: Caller, upload: NewUpload): Promise<{ draft: Draft; presigned: Presigned }> {
    if (upload.size !== undefined && upload.size > rules.maxBytes) throw tooLarge(rules.maxBytes, upload.size)
    if (upload.album !== undefined) await intake.check(caller, upload.album)
    const draft = await drafts.make(caller, upload, true)
    const presigned = await blobs.presignPut(stagingKey(draft), {
      contentType: upload.mime,
      expiresInSeconds: rules.presignSeconds,
      ...(upload.size !== undefined && { size: upload.size }),
    })
    await drafts.open(caller, { ...draft, expiresAt: presigned.expiresAt + draftGraceSeconds })
    return { draft, presigned }
  }

  /** Makes the bytes that were PUT an image, exactly once, and answers the same when it is repeated. */
  async function complete(caller: Caller, id: string): Promise<Completed> {
    const known = await uploads.find(id)
    if (known && known.ownerUid !== caller.uid) throw new AppError('not_found')
    const result = await uploads.claim(id, { now: clock.now(), leaseUntil: leaseUntil(clock) })
    if (result.state === 'busy') throw inProgress(result.leaseUntil - clock.now())
    if (result.state !== 'claimed') return { image: await ownImage(caller, id), isNew: false }
    await onStep('claim')
    const { draft, claim } = result
    const image = await underLease(deps, claim, () => endWell(draft, claim, () => completeStaged(draft, claim)))
    await cleanUp(draft)
    await onStep('finish')
    return { image, isNew: true }
  }

  /** An upload in one request: bytes that have arrived become an image, or the caller's equal one is found. */
  async function receive(caller: Caller, source: Spooled, upload: NewUpload): Promise<Completed> {
    if (upload.album !== undefined) await intake.check(caller, upload.album)
    const draft = await drafts.make(caller, { ...upload, size: source.size }, false)
    // Of two strangers behind one address the second must not get the first one's picture.
    const finding =
      upload.allow_duplicate || isGuest(caller) ? undefined : images.findBySource(caller.uid, source.sha256)
    const [twin] = await Promise.all([finding, blocklist.refuse(source.sha256)])
    if (twin && isTwin(twin, draft)) {
      if (draft.place) await intake.enter(draft.place.albumId, twin.id)
      return { image: twin, isNew: false }
    }
    await drafts.open(caller, draft, leaseUntil(clock))
    await onStep('claim')
    const claim = { id: draft.id, ownerUid: draft.ownerUid, fence: 1 }
    const image = await underLease(deps, claim, () => endWell(draft, claim, () => maker.make(draft, claim, source)))
    await onStep('finish')
    return { image, isNew: true }
  }

  async function completeStaged(draft: Draft, claim: Claim): Promise<ImageRecord> {
    const staged = await blobs.open(stagingKey(draft))
    if (!staged) return alreadyMade(draft)
    if (staged.size > rules.maxBytes) {
      staged.stream.destroy()
      throw tooLarge(rules.maxBytes, staged.size)
    }
    const source = await collectStored(spool, staged.stream)
    await onStep('receive')
    try {
      await blocklist.refuse(source.sha256)
      return await maker.make(draft, claim, source)
    } finally {
      await source.dispose()
    }
  }

  /** A worker that overtook this one, paused past its lease, has deleted the staged bytes. */
  async function alreadyMade({ id }: Draft): Promise<ImageRecord> {
    const image = await images.find(id)
    if (!image) throw new AppError('not_found', { message: 'Nothing was uploaded to the address of this upload.' })
    return image
  }

  /** A refusal for good ends the draft and deletes its bytes; any other failure leaves it to be repeated at once. */
  async function endWell<T>(draft: Draft, claim: Claim, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      // The refusal is what the caller should read, not a failure of the tidying: the sweeper does it again.
      await tidy(draft, claim, error).catch(() => {})
      throw error
    }
  }

  function tidy(draft: Draft, claim: Claim, error: unknown): Promise<unknown> {
    const isFinal = !draft.staged || (error instanceof AppError && finalRefusals.has(error.code))
    if (!isFinal) return uploads.release(claim)
    return abandon(draft, claim, error)
  }

  async function abandon(draft: Draft, claim: Claim, error: unknown): Promise<void> {
    if (!(await uploads.discard(draft, claim))) return
    await intake.withdraw(draft)
    // A store that is away would keep the caller waiting as long again; what may have arrived there is the sweeper's.
    if (error instanceof BlobsUnavailable) return
    await deleteBytes(draft)
    if (!draft.staged) await uploads.finish(draft)
  }

  /** For a draft that nobody can commit any more. */
  const deleteBytes = (draft: UploadTrace): Promise<unknown> =>
    Promise.all([blobs.delete(draft.key), blobs.delete(stagingKey(draft))])

  /**
   * After the commit the image stands, so a failure here is the sweeper's to repeat, not the caller's to see. It comes
   * again in any case when the address has ended: until then its holder can PUT once more, and those bytes must go too.
   */
  async function cleanUp(draft: Draft): Promise<void> {
    await blobs.delete(stagingKey(draft)).catch(() => {})
  }

  /** Ends one upload before its time; what is PUT later is swept when its address has ended. */
  async function cancel(trace: UploadTrace): Promise<void> {
    if (!(await end(trace))) return
    await (trace.key === '' ? blobs.delete(stagingKey(trace)) : deleteBytes(trace))
  }

  /** The same for who has begun it. Throws `not_found`, also where it is an image by now. */
  async function giveUp(caller: Caller, id: string): Promise<void> {
    const draft = await uploads.find(id)
    if (draft?.ownerUid !== caller.uid) throw new AppError('not_found')
    await cancel(draft)
  }

  /** So that nobody can commit it, and it is nowhere any more; false if it is an image already. */
  async function end(trace: UploadTrace): Promise<boolean> {
    const draft = await uploads.find(trace.id)
    const isEnded = await uploads.discard(trace)
    if (isEnded) await intake.withdraw(draft ?? trace)
    return isEnded
  }

  /** Ends one upload whose address has ended: completed, refused, abandoned or interrupted by a crash. */
  async function sweep(trace: UploadTrace): Promise<void> {
    if (await end(trace)) await deleteBytes(trace)
    else await blobs.delete(stagingKey(trace))
    await uploads.finish(trace)
  }

  async function ownImage(caller: Caller, id: string): Promise<ImageRecord> {
    const image = await images.find(id)
    if (!image || image.ownerUid !== caller.uid || isExpired(image, unixSeconds(clock))) throw new AppError('not_found')
    return image
  }

  return { request, complete, receive, giveUp, cancel, sweep, usage: drafts.usage }
}

/** Whether an image of the same bytes is what this upload asks for: as visible, and neither of them goes by itself. */
const isTwin = (image: ImageRecord, { visibility, expiresInSeconds }: Draft): boolean =>
  visibilityOf(image) === visibility && image.expiresAt === undefined && expiresInSeconds === undefined

/** A variant whose bytes are in the blob store. Times are Unix seconds. */
export interface VariantRecord {
  readonly size: number
  /** Names these bytes, 22 characters of base64url. */
  readonly etag: string
  readonly madeAt: number
}

/** The same with when it was used last, as far as that was noted. */
export interface KnownVariant extends VariantRecord {
  readonly usedAt: number
}

/** One variant of one image, as it was when it was looked up. */
export interface VariantEntry {
  readonly imageId: string
  readonly name: string
  /** When it was begun, made or used last, Unix seconds. */
  readonly stamp: number
  /** False while its bytes may not be there yet. */
  readonly isMade: boolean
}

/** `gone`: there is no such image. `full`: it has as many variants as it may, and none of them can go. */
export type VariantBegin = { state: 'gone' | 'full' } | { state: 'begun'; surplus: VariantEntry[] }

/**
 * Which variants there are of each image, since the blob store need not be listed. A name is written down before its bytes
 * are put and dropped after they are gone, so whatever a crash leaves there is known here.
 */
export interface Variants {
  /**
   * Writes down that bytes of this name are on their way, also where they were made before. Answers what has to go for it:
   * those used longest ago beyond `max`, none of which was used in this very second.
   */
  begin(imageId: string, name: string, options: { now: number; max: number }): Promise<VariantBegin>
  /** The bytes are there. False, and nothing changed, if the image is gone or nobody began this one: then they have to go. */
  commit(imageId: string, name: string, variant: VariantRecord): Promise<boolean>
  /**
   * The bytes are there, under a name that whoever deletes the image knows without any record: so none is kept. False, and
   * nothing changed, if the image is gone or nobody began this one: then they have to go.
   */
  settle(imageId: string, name: string): Promise<boolean>
  /** What is known of one that was made; undefined for others. */
  find(imageId: string, name: string): Promise<KnownVariant | undefined>
  /** Notes a use of one that was made; never makes one of nothing. */
  touch(imageId: string, name: string, now: number): Promise<void>
  /** All of an image, made or begun, also of one that is deleted. */
  list(imageId: string): Promise<VariantEntry[]>
  /** Drops those that are still as they were looked up: call it when their bytes are gone. */
  forget(entries: readonly VariantEntry[]): Promise<void>
  /** Made and not used since `before`, of some images, those first that waited longest. */
  listUnused(page: { before: number; limit: number }): Promise<VariantEntry[]>
  /** Begun before `before` and not made. */
  listAbandoned(page: { before: number; limit: number }): Promise<VariantEntry[]>
}

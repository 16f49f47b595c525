/** Whoever can tell the caches between us and the visitors to let go of bytes. */
export interface Purger {
  /** Everything of these images, whatever its address. Throws if that may not have happened. */
  purge(imageIds: readonly string[]): Promise<void>
}

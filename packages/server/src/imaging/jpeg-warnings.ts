/**
 * libjpeg repairs what it can and warns; a damaged picture and a careless camera look the same to it. Its first
 * warning is `reason`. Whether that is carelessness, which browsers show without a flaw:
 * - Samsung and others pad the data before the end of image. Damaged data end early too, but then in noise, so only
 *   bytes that are all alike count as padding.
 * - Some phones write progressive parameters into the scan header of a sequential picture (libjpeg: JWRN_NOT_SEQUENTIAL).
 */
export function isHarmless(bytes: Buffer, reason: string): boolean {
  if (reason.includes('Invalid SOS parameters for sequential JPEG')) return true
  const [, count] = /(\d+) extraneous bytes before marker 0xd9/.exec(reason) ?? []
  if (count === undefined) return false
  // The bytes are those that will be served: they end with the marker. A byte or two may have gone into the last block.
  const padding = bytes.subarray(Math.max(0, bytes.length - 2 - Number(count)), bytes.length - 2)
  return padding.every((byte) => byte === padding[0])
}

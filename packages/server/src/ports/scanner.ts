/** Looks for known malware. */
export interface Scanner {
  /** The name of what was found, or undefined. Throws ScannerUnavailable if there is no verdict. */
  scan(bytes: Buffer): Promise<string | undefined>
}

/** The scanner is away, slow, or takes no file of this size; there is no verdict. */
export class ScannerUnavailable extends Error {
  override readonly name = 'ScannerUnavailable'
}

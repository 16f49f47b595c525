/** Work that only one process may do at a time, such as sweeping. */
export interface Locks {
  /** Takes or prolongs the lock for `holder`; false while another holds it. Times are Unix milliseconds. */
  acquire(name: string, holder: string, lease: { now: number; leaseUntil: number }): Promise<boolean>
  /** Gives it back; harmless if `holder` does not have it. */
  release(name: string, holder: string): Promise<void>
}

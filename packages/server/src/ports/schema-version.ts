/** Whether some code can work on some data: only if it knows their schema. */
export interface SchemaVersion {
  /** What the data have; 0 where there are none. */
  found: number
  /** The newest that this code reads. */
  known: number
}

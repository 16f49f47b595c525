/** What an administrator has set, by the names of the contract's table. Values are JSON. */
export interface Settings {
  /** All that is set. */
  read(): Promise<Readonly<Record<string, unknown>>>
  /** Sets these and takes back those that are null, beside what others set meanwhile. */
  change(changes: Readonly<Record<string, unknown>>): Promise<void>
}

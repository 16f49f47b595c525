/** What somebody who looks after a server should know of one of its parts. */
export interface Diagnosis {
  /** What was looked at, in a word or two: `Redis memory`. */
  subject: string
  /** `bad`: something is lost, open or failing because of it. `note`: worth knowing. */
  state: 'ok' | 'note' | 'bad'
  words: string
  /** What to do about it, as exactly as it can be said: a command, a policy, a line of a file. */
  cure?: string
  /** Does it, where that harms nothing that works today. Throws what the part answers. */
  fix?: () => Promise<void>
}

/** Looks at one part of the server. */
export interface Diagnostician {
  /** Throws what the part throws if it does not answer at all. */
  look(): Promise<Diagnosis[]>
  /** Lets go of connections; no fix works after it. */
  close(): Promise<void>
}

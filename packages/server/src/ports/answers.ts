/** An answer as it was given. */
export interface Answer {
  /** Of the request that it answers. */
  readonly fingerprint: string
  readonly status: number
  readonly body: string
}

/** Answers kept for whoever repeats a request because the first answer never arrived. Times are Unix seconds. */
export interface Answers {
  /** Keeps the first answer under this name; false while there is one. */
  keep(name: string, answer: Answer, time: { now: number; keepUntil: number }): Promise<boolean>
  /** The answer under this name, or undefined if there is none or its time is over. */
  find(name: string, now: number): Promise<Answer | undefined>
}

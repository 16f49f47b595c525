/** A burst of `limit`, which comes back evenly over `windowSeconds`. */
export interface Allowance {
  readonly limit: number
  readonly windowSeconds: number
}

export interface Withdrawal extends Allowance {
  /** Unix milliseconds, of the caller's clock. */
  readonly now: number
  /** 1 unless given; 0 only looks, a negative one gives back. */
  readonly cost?: number
}

/** What became of a withdrawal, and how the allowance is afterwards. */
export interface Taken {
  readonly allowed: boolean
  /** How much could be taken now. */
  readonly remaining: number
  /** Until the allowance is whole again. */
  readonly resetSeconds: number
  /** Until what was refused would be allowed; 0 where nothing was refused. */
  readonly retryAfterSeconds: number
}

/** Counts what may not be done too often, for all servers on the same data together. */
export interface Limiter {
  /**
   * Takes from the allowance of this name in one atomic step: however many ask at once, no more is given than it holds.
   * A refusal takes nothing.
   */
  take(name: string, withdrawal: Withdrawal): Promise<Taken>
}

/** The time, as a dependency, so that expiry can be tested without waiting. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

export const systemClock: Clock = { now: Date.now }

/** Whole Unix seconds: the unit of every stored time. */
export const unixSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000)

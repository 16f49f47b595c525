/** What every adapter of a port must obey: sentence → check, which throws (node:assert) if it does not hold. */
export type Law<T> = Record<string, (subject: T) => Promise<void>>

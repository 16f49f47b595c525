/** The command line itself is wrong; `hint` is what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** Whoever read our output has gone, as `head` does when it has enough. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

/** Something outside of the server failed; the message says what, and `cure` what to do. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly cure: string | undefined

  constructor(message: string, cure?: string) {
    super(message)
    this.cure = cure
  }
}

/**
 * How a server comes to its first administrator: once, ever. It begins with the first start of all, and ends when somebody
 * has become administrator; deleting them does not begin it anew.
 */
export interface Setup {
  /** The nonce of this setup: the given one if there was none yet, the same for all who ask; undefined once it has ended. */
  begin(nonce: string): Promise<string | undefined>
  /**
   * Makes this account administrator and ends the setup, in one step: at most one of many parallel callers gets true. False
   * if the setup has ended or the account is gone.
   */
  claim(uid: string): Promise<boolean>
  /** Ends it, since there is an administrator by other means. Repeating it is harmless. */
  end(): Promise<void>
}

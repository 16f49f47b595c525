/** A program of the operator's that is told of things. */
export interface Webhook {
  /** Resolves once it has taken this JSON; throws in bounded time if it has not, and then it may have all the same. */
  send(json: string): Promise<void>
}

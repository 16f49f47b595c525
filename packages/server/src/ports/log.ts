/** Where notes for the operator go: facts for programs, a sentence for people. Never keys, passwords or whole addresses. */
export interface Log {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

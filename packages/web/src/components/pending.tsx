import { say } from '../lib/words.ts'

/** What is on its way. Most of it is there before anybody would have read this, so it shows itself only later. */
export const Pending = () => (
  <p role="status" className="animate-late p-12 text-center text-muted">
    {say('pending.text')}
  </p>
)

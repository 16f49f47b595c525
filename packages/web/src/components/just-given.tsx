import type { GivenLink } from '../lib/link-terms.ts'
import { say } from '../lib/words.ts'
import { CopyField } from './copy-field.tsx'

export interface Given {
  link: GivenLink
  /** The server keeps only its hash, so it is shown now or never; empty where none was given. */
  password: string
}

/** What is to be given away, as it was just made. */
export const JustGiven = ({ link, password }: Given) => (
  <div role="status" className="grid grid-cols-1 gap-3 rounded-control bg-sunken p-3">
    <CopyField label={link.name ?? say('links.unnamed')} text={link.url} />
    {password && <CopyField label={say('links.passwordOnce')} text={password} />}
  </div>
)

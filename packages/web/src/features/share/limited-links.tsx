import { useState } from 'react'
import { CopyField } from '../../components/copy-field.tsx'
import { Fault } from '../../components/fault.tsx'
import { type LimitedLink, useLimitedLinks } from '../../lib/limited-links.ts'
import type { Shareable } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'
import { LinkRow } from './link-row.tsx'
import { NewLink } from './new-link.tsx'

interface Made {
  link: LimitedLink
  /** The server keeps only its hash, so it is shown now or never. */
  password: string
}

/** Links that end: by time, by how often they are opened, or when they are taken back. */
export function LimitedLinks({ of }: { of: Shareable }) {
  const links = useLimitedLinks(of)
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<Made>()
  return (
    <section className="grid grid-cols-1 gap-3 border-t border-line pt-4">
      <h3 className="text-[1rem] font-semibold">{say('links.title')}</h3>
      {links.data && links.data.length > 0 && (
        <ul className="grid grid-cols-1 gap-1">
          {links.data.map((link) => (
            <LinkRow key={link.slug} link={link} />
          ))}
        </ul>
      )}
      {made && (
        <div role="status" className="grid grid-cols-1 gap-3 rounded-control bg-sunken p-3">
          <CopyField label={made.link.name ?? say('links.unnamed')} text={made.link.url} />
          {made.password && <CopyField label={say('links.passwordOnce')} text={made.password} />}
        </div>
      )}
      <Fault text={links.error?.message} />
      {isMaking ? (
        <NewLink
          of={of}
          onMade={(link, password) => {
            setMade({ link, password })
            setMaking(false)
          }}
          onCancel={() => setMaking(false)}
        />
      ) : (
        <button type="button" className="secondary justify-self-start" onClick={() => setMaking(true)}>
          {say('links.new')}
        </button>
      )}
    </section>
  )
}

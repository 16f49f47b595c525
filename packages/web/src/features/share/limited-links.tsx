import { useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { type Given, JustGiven } from '../../components/just-given.tsx'
import { LimitedLinkForm } from '../../components/limited-link-form.tsx'
import { makeLimitedLink, useLimitedLinks } from '../../lib/limited-links.ts'
import type { Shareable } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'
import { LinkRow } from './link-row.tsx'

/** Links that end: by time, by how often they are opened, or when they are taken back. */
export function LimitedLinks({ of }: { of: Shareable }) {
  const links = useLimitedLinks(of)
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<Given>()
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
      {made && <JustGiven {...made} />}
      <Fault text={links.error?.message} />
      {isMaking ? (
        <LimitedLinkForm
          store={(terms) => makeLimitedLink(of, terms)}
          onStored={(link, password) => {
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

import { type ReactNode, useState } from 'react'
import type { GivenLink } from '../lib/link-terms.ts'
import { say } from '../lib/words.ts'
import { Dialog } from './dialog.tsx'
import { type Given, JustGiven } from './just-given.tsx'

interface LinkChangeProps {
  link: GivenLink
  onClose: () => void
  /** Its terms, to be filled in. */
  form: (onStored: (link: GivenLink, password: string) => void) => ReactNode
}

/** Changes a link that is there already; another password is shown before the dialog goes. */
export function LinkChange({ link, onClose, form }: LinkChangeProps) {
  const [given, give] = useState<Given>()
  const name = link.name ?? say('links.unnamed')
  return (
    <Dialog title={say('links.changeOf', { name })} onClose={onClose}>
      {given ? (
        <>
          <JustGiven {...given} />
          <button type="button" className="primary justify-self-end" onClick={onClose}>
            {say('tray.close')}
          </button>
        </>
      ) : (
        form((stored, password) => (password ? give({ link: stored, password }) : onClose()))
      )}
    </Dialog>
  )
}

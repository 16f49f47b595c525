import { useState } from 'react'
import { copyText } from '../lib/clipboard.ts'
import { changeLimitedLink, type LimitedLink, revokeLink } from '../lib/limited-links.ts'
import { say } from '../lib/words.ts'
import { Dialog } from './dialog.tsx'
import { LimitedLinkForm } from './limited-link-form.tsx'
import { LinkChange } from './link-change.tsx'
import { Menu } from './menu.tsx'
import { Question } from './question.tsx'
import { toast } from './toasts.tsx'

/** What may be done with a limited link. */
export function LinkMenu({ link }: { link: LimitedLink }) {
  const [shown, show] = useState<'change' | 'qr' | 'revoke'>()
  const name = link.name ?? say('links.unnamed')
  const close = () => show(undefined)
  const copy = async () => toast((await copyText(link.url)) ? say('toast.copied') : say('copy.failed'))
  return (
    <>
      <Menu
        label={say('links.menu', { name })}
        items={[
          { label: say('copy.copy'), onChoose: () => void copy() },
          { label: say('links.change'), onChoose: () => show('change') },
          { label: say('links.qr'), onChoose: () => show('qr') },
          { label: say('links.revoke'), onChoose: () => show('revoke'), isDangerous: true },
        ]}
      />
      {shown === 'change' && (
        <LinkChange
          link={link}
          onClose={close}
          form={(onStored) => (
            <LimitedLinkForm
              link={link}
              store={(terms) => changeLimitedLink(link, terms)}
              onStored={onStored}
              onCancel={close}
            />
          )}
        />
      )}
      {shown === 'qr' && <QrCode link={link} name={name} onClose={close} />}
      {shown === 'revoke' && (
        <Question
          action={say('links.revoke')}
          text={say('links.revokeMeans', { name })}
          onYes={() => revokeLink(link)}
          onClose={close}
        />
      )}
    </>
  )
}

/** For whoever stands beside, or for paper. */
function QrCode({ link: { slug, url }, name, onClose }: { link: LimitedLink; name: string; onClose: () => void }) {
  const address = `/api/v1/share/${slug}/qr`
  return (
    <Dialog title={name} onClose={onClose}>
      {/* On white, also in the dark: cameras want it so. */}
      <img src={`${address}.svg`} alt={say('links.qrOf', { url })} className="w-full rounded-control bg-white" />
      <div className="flex flex-wrap justify-end gap-2">
        <a href={`${address}.png`} download={`${slug}.png`} className="secondary">
          {say('viewer.download')}
        </a>
        <button type="button" className="primary" onClick={onClose}>
          {say('tray.close')}
        </button>
      </div>
    </Dialog>
  )
}

import { useState } from 'react'
import { LinkChange } from '../../components/link-change.tsx'
import { Menu } from '../../components/menu.tsx'
import { Question } from '../../components/question.tsx'
import { toast } from '../../components/toasts.tsx'
import { client } from '../../lib/client.ts'
import { copyText } from '../../lib/clipboard.ts'
import { formatBytes, formatIn, formatNumber } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'
import { type Drop, DropForm } from './drop-form.tsx'

/** One drop link: whom it is for, what came in by it, and what can be done with it. */
export function DropRow({ drop, onChanged }: { drop: Drop; onChanged: () => Promise<unknown> }) {
  const [shown, show] = useState<'change' | 'revoke'>()
  const { slug, name = say('links.unnamed') } = drop
  const close = () => show(undefined)
  const copy = async () => toast((await copyText(drop.url)) ? say('toast.copied') : say('copy.failed'))
  const after = async <T,>(work: Promise<T>) => {
    const done = await work
    await onChanged()
    return done
  }
  return (
    <li className="flex items-center gap-2">
      <div className="min-w-0 flex-1">
        <p className="name">{name}</p>
        <p className="meta">{factsOf(drop).join(' · ')}</p>
      </div>
      <Menu
        label={say('links.menu', { name })}
        items={[
          { label: say('copy.copy'), onChoose: () => void copy() },
          { label: say('links.change'), onChoose: () => show('change') },
          { label: say('links.revoke'), onChoose: () => show('revoke'), isDangerous: true },
        ]}
      />
      {shown === 'change' && (
        <LinkChange
          link={drop}
          onClose={close}
          form={(onStored) => (
            <DropForm
              drop={drop}
              store={(body) => after(client.drops.update({ params: { slug }, body }))}
              onStored={onStored}
              onCancel={close}
            />
          )}
        />
      )}
      {shown === 'revoke' && (
        <Question
          action={say('links.revoke')}
          text={say('drops.revokeMeans', { name })}
          onYes={() => after(client.drops.delete({ params: { slug } }))}
          onClose={close}
        />
      )}
    </li>
  )
}

/** Such as `3 of 20 files · 12 MB · ends in 6 days · password · waits for you`. */
function factsOf({ files, bytes, max_files, max_bytes, expires_at: end, ...drop }: Drop): string[] {
  const count = formatNumber(files)
  const size = formatBytes(bytes)
  return [
    max_files === undefined
      ? say('drops.files', { count })
      : say('drops.filesOf', { count, most: formatNumber(max_files) }),
    max_bytes === undefined ? size : say('settings.of', { value: size, max: formatBytes(max_bytes) }),
    end === undefined ? say('links.lasts') : say('links.ends', { when: formatIn(end) }),
    ...(drop.has_password ? [say('links.hasPassword')] : []),
    ...(drop.holds ? [say('drops.holds')] : []),
    ...(drop.shows_album ? [say('drops.shows')] : []),
  ]
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyField } from '../../components/copy-field.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Fault } from '../../components/fault.tsx'
import { Menu } from '../../components/menu.tsx'
import { Question } from '../../components/question.tsx'
import { toast } from '../../components/toasts.tsx'
import { client } from '../../lib/client.ts'
import { copyText } from '../../lib/clipboard.ts'
import { formatBytes, formatIn, formatNumber } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'
import { NewDrop } from './new-drop.tsx'

type Drop = Awaited<ReturnType<typeof client.drops.list>>['items'][number]

/** Links by which people without an account put pictures into the album. */
export function DropLinks({ album, onClose }: { album: string; onClose: () => void }) {
  const drops = useQuery({
    queryKey: ['album', album, 'drops'],
    queryFn: () => client.drops.list({ params: { album } }),
  })
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<{ drop: Drop; password: string }>()
  const [revoked, revoke] = useState<Drop>()
  const copy = async (url: string) => toast((await copyText(url)) ? say('toast.copied') : say('copy.failed'))
  return (
    <Dialog title={say('drops.title')} onClose={onClose}>
      <p className="text-muted">{say('drops.means')}</p>
      <ul className="grid grid-cols-1 gap-1">
        {drops.data?.items.map((drop) => {
          const name = drop.name ?? say('links.unnamed')
          return (
            <li key={drop.slug} className="flex items-center gap-2">
              <div className="min-w-0 flex-1">
                <p className="truncate font-semibold">{name}</p>
                <p className="meta">{factsOf(drop).join(' · ')}</p>
              </div>
              <Menu
                label={say('links.menu', { name })}
                items={[
                  { label: say('copy.copy'), onChoose: () => void copy(drop.url) },
                  { label: say('links.revoke'), onChoose: () => revoke(drop), isDangerous: true },
                ]}
              />
            </li>
          )
        })}
      </ul>
      {made && (
        <div role="status" className="grid grid-cols-1 gap-3 rounded-control bg-sunken p-3">
          <CopyField label={made.drop.name ?? say('links.unnamed')} text={made.drop.url} />
          {made.password && <CopyField label={say('links.passwordOnce')} text={made.password} />}
        </div>
      )}
      {isMaking ? (
        <NewDrop
          album={album}
          onMade={(drop, password) => {
            setMade({ drop, password })
            setMaking(false)
            void drops.refetch()
          }}
          onCancel={() => setMaking(false)}
        />
      ) : (
        <button type="button" className="secondary justify-self-start" onClick={() => setMaking(true)}>
          {say('drops.new')}
        </button>
      )}
      <Fault text={drops.error?.message} />
      {revoked && (
        <Question
          action={say('links.revoke')}
          text={say('drops.revokeMeans', { name: revoked.name ?? say('links.unnamed') })}
          onYes={async () => {
            await client.drops.delete({ params: { slug: revoked.slug } })
            await drops.refetch()
          }}
          onClose={() => revoke(undefined)}
        />
      )}
    </Dialog>
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

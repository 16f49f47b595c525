import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { Fault } from '../../components/fault.tsx'
import { type Given, JustGiven } from '../../components/just-given.tsx'
import { client } from '../../lib/client.ts'
import { withoutNull } from '../../lib/link-terms.ts'
import { say } from '../../lib/words.ts'
import { DropForm } from './drop-form.tsx'
import { DropRow } from './drop-row.tsx'

/** Links by which people without an account put pictures into the album. */
export function DropLinks({ album, onClose }: { album: string; onClose: () => void }) {
  const drops = useQuery({
    queryKey: ['album', album, 'drops'],
    queryFn: () => client.drops.list({ params: { album } }),
  })
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<Given>()
  return (
    <Dialog title={say('drops.title')} onClose={onClose}>
      <p className="text-muted">{say('drops.means')}</p>
      <ul className="grid grid-cols-1 gap-1 empty:hidden">
        {drops.data?.items.map((drop) => (
          <DropRow key={drop.slug} drop={drop} onChanged={drops.refetch} />
        ))}
      </ul>
      {made && <JustGiven {...made} />}
      {isMaking ? (
        <DropForm
          store={(terms) => client.drops.create({ params: { album }, body: withoutNull(terms) })}
          onStored={(link, password) => {
            setMade({ link, password })
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
    </Dialog>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useRoute } from 'wouter'
import { client } from '../../lib/client.ts'
import { useMe } from '../../lib/session.ts'
import { useStore } from '../../lib/store.ts'
import { enqueue, target } from '../../lib/upload-queue.ts'
import { waiting } from '../../lib/waiting-files.ts'
import { say } from '../../lib/words.ts'
import { AddressDialog } from './address-dialog.tsx'
import { useDropAndPaste } from './drop-and-paste.ts'
import { Tray } from './tray.tsx'

/** Takes pictures from everywhere on the page, and shows how they come up. */
export function Uploads() {
  const isOver = useDropAndPaste()
  const album = useTarget()
  const visibility = useMe().data?.preferences.default_visibility ?? 'unlisted'
  useEffect(() => {
    enqueue(waiting.get())
    waiting.set(() => [])
  }, [])
  useSharedFiles()
  return (
    <>
      {isOver && (
        <div
          role="status"
          className="pointer-events-none fixed inset-0 z-40 grid place-items-center border-8 border-accent bg-bg/80"
        >
          <p className="title">
            {album ? say('drop.into', { name: album }) : say('drop.here', { visibility: say(`drop.${visibility}`) })}
          </p>
        </div>
      )}
      <Tray />
      <AddressDialog />
    </>
  )
}

/** What another program has shared with this one, where it is installed; the service worker keeps it until now. */
function useSharedFiles(): void {
  useEffect(() => {
    const workers = navigator.serviceWorker
    if (!workers) return
    const take = ({ data }: MessageEvent<{ shared?: File[] }>) => enqueue(data.shared ?? [])
    workers.addEventListener('message', take)
    workers.controller?.postMessage('ready')
    return () => workers.removeEventListener('message', take)
  }, [])
}

/** The album on the screen takes what is dropped there; answers its name. */
function useTarget(): string | undefined {
  const [, params] = useRoute<{ album: string }>('/albums/:album')
  const album = params?.album
  const { data } = useQuery({
    queryKey: ['album', album ?? ''],
    queryFn: () => client.albums.get({ params: { album: album ?? '' } }),
    enabled: album !== undefined,
  })
  const canAdd = album !== undefined && data !== undefined && data.role !== 'view'
  const name = canAdd ? data.name : undefined
  useEffect(() => {
    target.set(() => (canAdd && name !== undefined ? { album, name } : undefined))
  }, [canAdd, album, name])
  return useStore(target)?.name
}

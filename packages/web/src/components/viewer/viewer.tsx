import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../lib/client.ts'
import { useKeys } from '../../lib/keys.ts'
import { chooseFormat, type Linked, linkFormat, linkFormats } from '../../lib/link-format.ts'
import { endingBy, useModal } from '../../lib/modals.ts'
import { share } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'
import { AlbumChoice } from '../album-choice.tsx'
import { copyLinks, trash } from '../image-actions.ts'
import { ViewerActions } from './actions.tsx'
import { type Field, ImageInfo } from './image-info.tsx'
import { Stage } from './stage.tsx'
import { fitting, keyStep, type Place, zoomed } from './zoom.ts'

interface ViewerProps {
  id: string
  /** What comes before and after. */
  order: readonly string[]
  onMove: (id: string) => void
  onClose: () => void
}

/** One picture, always in the dark. */
export default function Viewer({ id, order, onMove, onClose }: ViewerProps) {
  const dialog = useModal()
  const stage = useRef<HTMLDivElement>(null)
  const { data: image } = useQuery({ queryKey: ['image', id], queryFn: () => client.images.info({ params: { id } }) })
  const [place, setPlace] = useState<Place>(fitting)
  const [hasInfo, setInfo] = useState(() => localStorage.getItem('info') === 'on')
  const [field, setField] = useState<Field>()
  const [isChoosing, choose] = useState(false)
  const known = useQueryClient()
  const { before, after } = useNeighbours(id, order)

  // Not one of its buttons: keys move on from here.
  useEffect(() => dialog.current?.focus(), [dialog])
  const name = image?.title ?? image?.original_filename ?? ''
  const move = (to: string | undefined) => {
    if (to === undefined) return
    setPlace(fitting)
    onMove(to)
  }
  const toggleInfo = () => {
    localStorage.setItem('info', hasInfo ? 'off' : 'on')
    setInfo(!hasInfo)
  }
  const edit = (which: Field) => {
    setInfo(true)
    setField(which)
  }
  const linked: Linked = { id, name, ...(image && { url: image.url }) }
  const actions = {
    copy: () => copyLinks([linked]),
    share: () => share({ image: id }),
    album: () => choose(true),
    remove: () => {
      known.removeQueries({ queryKey: ['image', id] })
      if (after ?? before) move(after ?? before)
      else onClose()
      return trash([id])
    },
    info: toggleInfo,
    fullScreen: () => (document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen()),
  }
  useKeys({
    ...actions,
    copyFormat: () => copyInNextFormat(linked),
    title: () => edit('title'),
    tags: () => edit('tags'),
    next: () => move(after),
    previous: () => move(before),
    zoomIn: () => setPlace((old) => zoomed(old, keyStep)),
    zoomOut: () => setPlace((old) => zoomed(old, 1 / keyStep)),
    zoomFit: () => setPlace(fitting),
  })
  return (
    <dialog
      ref={dialog}
      tabIndex={-1}
      aria-label={name || say('nav.photos')}
      className="m-0 h-dvh max-h-none w-dvw max-w-none bg-backdrop text-white outline-none"
      data-theme="dark"
      {...endingBy(onClose)}
    >
      <div className="flex h-full">
        <Stage
          id={id}
          alt={name}
          place={place}
          onPlace={setPlace}
          stage={stage}
          onSwipe={(wish) => {
            if (wish === 'next') move(after)
            if (wish === 'previous') move(before)
            if (wish === 'close') onClose()
            if (wish === 'info' && !hasInfo) toggleInfo()
          }}
        >
          <ViewerActions
            id={id}
            hasInfo={hasInfo}
            {...actions}
            onClose={onClose}
            onPrevious={before === undefined ? undefined : () => move(before)}
            onNext={after === undefined ? undefined : () => move(after)}
          />
        </Stage>
        {hasInfo && image && (
          <ImageInfo key={id} image={image} field={field} onAlbum={actions.album} onClose={toggleInfo} />
        )}
      </div>
      {isChoosing && <AlbumChoice pick={async () => [id]} onClose={() => choose(false)} />}
    </dialog>
  )
}

function useNeighbours(id: string, order: readonly string[]) {
  const at = order.indexOf(id)
  const [before, after] = [order[at - 1], at === -1 ? undefined : order[at + 1]]
  // What comes next is there before it is asked for.
  useEffect(() => {
    for (const next of [after, before]) if (next) new Image().src = `/i/${next}?preset=large`
  }, [after, before])
  return { before, after }
}

function copyInNextFormat(image: Linked): Promise<void> {
  const next = linkFormats[(linkFormats.indexOf(linkFormat.get()) + 1) % linkFormats.length]!
  chooseFormat(next)
  return copyLinks([image], next)
}

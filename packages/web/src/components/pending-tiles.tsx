import { useEffect, useRef } from 'react'
import { useStore } from '../lib/store.ts'
import { type Item, queue } from '../lib/upload-queue.ts'

/** Of a thumbnail, in pixels. */
const side = 400
/** More would not fit into the window, and each needs to be decoded. */
const maxShown = 24

/** What is on its way stands in the grid at once, by its own thumbnail. */
export function PendingTiles({ album }: { album?: string }) {
  const items = useStore(queue).filter((item) => item.album === album && item.state !== 'failed' && !item.isInGrid)
  if (items.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-0.5 pt-4 sm:gap-1">
      {items.slice(0, maxShown).map((item) => (
        <PendingTile key={item.id} item={item} />
      ))}
    </ul>
  )
}

function PendingTile({ item: { source, name, size, sent, state } }: { item: Item }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (typeof source === 'string') return
    let isGone = false
    // What this browser cannot read, such as HEIC, keeps its name until the server's is there.
    createImageBitmap(source, { resizeHeight: side, resizeQuality: 'medium' }).then(
      (bitmap) => {
        if (!isGone && canvas.current) paint(canvas.current, bitmap)
        bitmap.close()
      },
      () => {},
    )
    return () => {
      isGone = true
    }
  }, [source])
  const share = state === 'done' || size === 0 ? 1 : sent / size
  return (
    <li className="relative grid h-30 min-w-24 place-items-center overflow-hidden bg-sunken sm:h-55 sm:min-w-36 sm:rounded-tile">
      <span className="meta max-w-36 truncate px-2">{name}</span>
      <canvas ref={canvas} hidden className="absolute inset-0 size-full object-cover opacity-80" />
      <span className="absolute bottom-0 left-0 h-[3px] w-full origin-left bg-accent" style={{ scale: `${share} 1` }} />
    </li>
  )
}

function paint(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width
  canvas.height = bitmap.height
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
  canvas.hidden = false
  const tile = canvas.parentElement
  if (tile) tile.style.aspectRatio = `${bitmap.width} / ${bitmap.height}`
}

import { useState } from 'react'
import { thumbHashToDataURL } from 'thumbhash'
import { say } from '../../lib/words.ts'
import { CheckIcon } from '../icons.tsx'
import { toggle } from './selection.ts'

interface TileProps {
  id: string
  thumbhash: string
  left: number
  width: number
  height: number
  isChosen: boolean
  isChoosing: boolean
  isFirst: boolean
  onOpen: (id: string) => void
}

export function Tile({ id, thumbhash, left, width, height, isChosen, isChoosing, isFirst, onOpen }: TileProps) {
  const [isLoaded, setLoaded] = useState(false)
  // Sharp on dense screens, and never the original.
  const preset = Math.max(width, height) * Math.min(2, devicePixelRatio) > 330 ? 'small' : 'thumb'
  return (
    <div
      className="group absolute top-0 overflow-hidden rounded-none sm:rounded-tile"
      style={{ left, width, height, backgroundImage: `url(${placeholder(thumbhash)})`, backgroundSize: 'cover' }}
    >
      <a
        href={`/?view=${id}`}
        data-tile={id}
        tabIndex={isFirst ? 0 : -1}
        className={`block size-full transition-transform duration-[120ms] ${isChosen ? 'scale-[.92] ring-2 ring-accent' : ''}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          if (isChoosing) toggle(id)
          else onOpen(id)
        }}
      >
        <img
          src={`/i/${id}?preset=${preset}`}
          alt=""
          decoding="async"
          draggable={false}
          onLoad={() => setLoaded(true)}
          className={`size-full object-cover transition-opacity duration-[160ms] ${isLoaded ? 'opacity-100' : 'opacity-0'}`}
        />
        <span className="sr-only">{say('gallery.image', { name: id, date: '' })}</span>
      </a>
      <button
        type="button"
        tabIndex={-1}
        aria-pressed={isChosen}
        aria-label={say('select.image', { name: id })}
        onClick={() => toggle(id)}
        className={`absolute top-1.5 left-1.5 grid size-6 place-items-center rounded-full border border-white/80 ${
          isChosen
            ? 'bg-accent text-on-accent'
            : `bg-black/40 text-white ${isChoosing ? '' : 'opacity-0 group-hover:opacity-100'}`
        }`}
      >
        {isChosen && <CheckIcon className="size-4" />}
      </button>
    </div>
  )
}

const placeholders = new Map<string, string>()
/** A few screens; they are made again in a fraction of a millisecond. */
const maxPlaceholders = 2_000

function placeholder(thumbhash: string): string {
  if (thumbhash === '') return ''
  const known = placeholders.get(thumbhash)
  if (known !== undefined) return known
  if (placeholders.size >= maxPlaceholders) placeholders.clear()
  const bytes = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0))
  const url = thumbHashToDataURL(bytes)
  placeholders.set(thumbhash, url)
  return url
}

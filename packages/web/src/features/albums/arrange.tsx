import type { Image } from '@imagehost/client'
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { Fault } from '../../components/fault.tsx'
import { More } from '../../components/more.tsx'
import { type Album, refreshAlbums } from '../../lib/albums.ts'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'
import { useOrder } from './order.ts'

interface ArrangeProps {
  about: Album
  items: readonly Image[]
  images: Parameters<typeof More>[0]['of']
  onDone: () => void
}

/**
 * The pictures in their order: one is picked up by a press and put down by a press on another place, by arrows, or by the
 * buttons; so it can be done by finger, mouse and keyboard alike.
 */
export function Arrange({ about: { id: album, name, cover, cover_id: chosen }, items, images, onDone }: ArrangeProps) {
  const { order, move, remove, fault: moveFault } = useOrder(album, items)
  const [picked, pick] = useState<string>()
  const { attempt, fault } = useAttempt()
  const list = useRef<HTMLOListElement>(null)
  // Browsers take the focus from what is moved in the document; arrows shall go on from there.
  useLayoutEffect(() => {
    if (order.length > 0 && document.activeElement === document.body)
      list.current?.querySelector<HTMLElement>('[aria-pressed=true]')?.focus()
  }, [order])
  const at = order.findIndex(({ id }) => id === picked)
  const last = order.length - 1
  const to = (index: number) => picked !== undefined && move(picked, Math.min(last, Math.max(0, index)))
  const makeCover = async (cover_id: string) => {
    await client.albums.update({ params: { album }, body: { cover_id } })
    refreshAlbums()
  }
  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    if (event.key === 'Escape') pick(undefined)
    if (step === undefined || at === -1) return
    event.preventDefault()
    to(at + step)
  }
  const done = () => {
    refreshAlbums()
    onDone()
  }
  return (
    <div className="grid grid-cols-1 gap-4 p-4 sm:p-6">
      <header className="flex flex-wrap items-center gap-4">
        <h1 className="screen-title min-w-0 flex-1 wrap-anywhere">{name}</h1>
        <button type="button" className="primary" onClick={done}>
          {say('arrange.done')}
        </button>
      </header>
      <p className="text-muted">{say('arrange.means')}</p>
      <Fault text={fault ?? moveFault} />
      <p className="sr-only" aria-live="polite">
        {at !== -1 && say('arrange.place', { place: at + 1, count: order.length })}
      </p>
      <ol
        ref={list}
        onKeyDown={onKeyDown}
        className="grid grid-cols-[repeat(auto-fill,minmax(104px,1fr))] gap-2 sm:grid-cols-[repeat(auto-fill,minmax(160px,1fr))]"
      >
        {order.map(({ id, title, original_filename, filename }, index) => (
          <li key={id} className="relative">
            <button
              type="button"
              aria-pressed={id === picked}
              aria-label={say('arrange.pick', { place: index + 1, name: title ?? original_filename ?? filename })}
              draggable
              onDragStart={() => pick(id)}
              onDragEnd={() => pick(undefined)}
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => {
                event.preventDefault()
                to(index)
              }}
              onClick={() => {
                if (picked === undefined || picked === id) return pick(picked === id ? undefined : id)
                to(index)
                pick(undefined)
              }}
              className={`block aspect-square w-full overflow-hidden rounded-tile bg-sunken transition-transform duration-[120ms] ${id === picked ? 'scale-[.92] ring-2 ring-accent' : ''}`}
            >
              <img
                src={`/i/${id}?preset=small`}
                alt=""
                loading="lazy"
                draggable={false}
                className="size-full object-cover"
              />
            </button>
            {id === cover?.id && (
              <span className="meta pointer-events-none absolute bottom-2 left-2 rounded-control bg-bg px-2 py-0.5 text-text">
                {say('arrange.isCover')}
              </span>
            )}
          </li>
        ))}
      </ol>
      <More of={images} />
      {picked !== undefined && at !== -1 && (
        <div
          role="toolbar"
          aria-label={say('arrange.toolbar')}
          className="sticky bottom-16 flex flex-wrap justify-center gap-2 justify-self-center rounded-menu border border-line bg-raised p-2 shadow-xl sm:bottom-6"
        >
          <button type="button" className="quiet" disabled={at === 0} onClick={() => to(0)}>
            {say('arrange.first')}
          </button>
          <button type="button" className="quiet" disabled={at === 0} onClick={() => to(at - 1)}>
            {say('arrange.earlier')}
          </button>
          <button type="button" className="quiet" disabled={at === last} onClick={() => to(at + 1)}>
            {say('arrange.later')}
          </button>
          <button type="button" className="quiet" disabled={at === last} onClick={() => to(last)}>
            {say('arrange.last')}
          </button>
          <button
            type="button"
            className="quiet"
            // The first one is it only until another one is first.
            disabled={picked === chosen}
            onClick={() => void attempt(() => makeCover(picked))}
          >
            {say('arrange.cover')}
          </button>
          <button
            type="button"
            className="quiet text-danger"
            onClick={() => {
              remove(picked)
              pick(undefined)
            }}
          >
            {say('arrange.remove')}
          </button>
        </div>
      )}
    </div>
  )
}

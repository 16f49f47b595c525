import { type PointerEvent, type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { fitting, moved, type Place, pressStep, type Swipe, swipeOf, zoomed } from './zoom.ts'

interface StageProps {
  id: string
  alt: string
  place: Place
  onPlace: (change: (place: Place) => Place) => void
  onSwipe: (swipe: Swipe) => void
  stage: RefObject<HTMLDivElement | null>
  children: ReactNode
}

interface Point {
  x: number
  y: number
}

/** The picture: fingers swipe it and pull it larger, a mouse wheel or a double press does too, and what is larger is moved about. */
export function Stage({ id, alt, place, onPlace, onSwipe, stage, children }: StageProps) {
  const pointers = useRef(new Map<number, Point>())
  const start = useRef<Point>(undefined)
  const [pulled, pull] = useState<Point>()
  useGrowing(stage, id)

  const fromMiddle = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
    const { left, top, width, height } = stage.current!.getBoundingClientRect()
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 }
  }
  function begin(event: PointerEvent): void {
    if ((event.target as Element).closest('button, a')) return
    pointers.current.set(event.pointerId, fromMiddle(event))
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = pointers.current.size === 1 ? fromMiddle(event) : undefined
  }
  function follow(event: PointerEvent): void {
    const before = pointers.current.get(event.pointerId)
    if (!before) return
    const now = fromMiddle(event)
    const [other] = [...pointers.current].flatMap(([pointer, point]) => (pointer === event.pointerId ? [] : [point]))
    pointers.current.set(event.pointerId, now)
    if (other) onPlace((old) => zoomed(old, distance(now, other) / distance(before, other), middle(now, other)))
    else if (place.scale > 1) onPlace((old) => moved(old, now.x - before.x, now.y - before.y, sizeOf(stage)))
    else if (event.pointerType === 'touch' && start.current)
      pull({ x: now.x - start.current.x, y: now.y - start.current.y })
  }
  function end(event: PointerEvent): void {
    pointers.current.delete(event.pointerId)
    const wish = pulled && event.type === 'pointerup' ? swipeOf(pulled.x, pulled.y) : undefined
    pull(undefined)
    if (wish) onSwipe(wish)
  }
  const { x, y } = pulled ?? place
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: all of it is done by keys and buttons too.
    <div
      ref={stage}
      className="relative grid min-w-0 flex-1 touch-none place-items-center overflow-hidden bg-backdrop"
      onPointerDown={begin}
      onPointerMove={follow}
      onPointerUp={end}
      onPointerCancel={end}
      onWheel={(event) => onPlace((old) => zoomed(old, Math.exp(-event.deltaY / 400), fromMiddle(event)))}
      onDoubleClick={(event) => {
        const at = fromMiddle(event)
        onPlace((old) => (old.scale > 1 ? fitting : zoomed(old, pressStep, at)))
      }}
    >
      <img
        key={id}
        src={`/i/${id}?preset=large`}
        alt={alt}
        draggable={false}
        className={`max-h-dvh max-w-full object-contain ${pulled ? '' : 'transition-transform duration-[120ms]'} ${place.scale > 1 ? 'cursor-grab' : ''}`}
        style={{ transform: `translate(${x}px, ${y}px) scale(${place.scale})` }}
      />
      {children}
    </div>
  )
}

const distance = (a: Point, b: Point) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y))
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
const sizeOf = (stage: RefObject<HTMLDivElement | null>) => ({
  width: stage.current?.clientWidth ?? 0,
  height: stage.current?.clientHeight ?? 0,
})

/** It comes out of its tile, where that is in the window and motion is welcome. */
function useGrowing(stage: RefObject<HTMLDivElement | null>, id: string): void {
  const first = useRef(id)
  useLayoutEffect(() => {
    const tile = document.querySelector(`[data-tile="${CSS.escape(first.current)}"]`)?.getBoundingClientRect()
    if (!stage.current || !tile || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const { width, height } = stage.current.getBoundingClientRect()
    const x = tile.left + tile.width / 2 - width / 2
    const y = tile.top + tile.height / 2 - height / 2
    const from = { transform: `translate(${x}px, ${y}px) scale(${tile.width / width})`, opacity: 0.4 }
    stage.current.animate([from, { transform: 'none', opacity: 1 }], {
      duration: 240,
      easing: 'cubic-bezier(.2,.8,.2,1)',
    })
  }, [stage])
}

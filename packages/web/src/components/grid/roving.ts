import { useEffect } from 'react'
import { modals } from '../../lib/modals.ts'
import { createStore } from '../../lib/store.ts'
import { onScroll } from './viewport.ts'

/** Where somebody is by the keyboard. */
export const focused = createStore<string | undefined>(undefined)

/** Looking where tiles are costs a frame while they come and go. */
const restMs = 100

/**
 * Makes all tiles in an element one stop for the tab key: the one where somebody was last, or the first in the window.
 * It is set in the document itself, since tiles come and go by scrolling.
 */
export function useRoving(element: HTMLElement | null): void {
  useEffect(() => {
    if (!element) return
    const arrange = () => keepOneStop(element)
    const follow = ({ target }: FocusEvent) => {
      const id = tileOf(target)?.dataset.tile
      if (id !== focused.get()) focused.set(() => id)
      arrange()
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    const arrangeSoon = () => {
      clearTimeout(timer)
      timer = setTimeout(arrange, restMs)
    }
    const observer = new MutationObserver(() => {
      stay()
      arrangeSoon()
    })
    observer.observe(element, { childList: true, subtree: true })
    element.addEventListener('focusin', follow)
    const stop = onScroll(arrangeSoon)
    arrange()
    return () => {
      clearTimeout(timer)
      observer.disconnect()
      element.removeEventListener('focusin', follow)
      stop()
      focused.set(() => undefined)
    }
  }, [element])
}

/** Where rows change, tiles are made anew, and the focus would be lost with them. */
function stay(): void {
  if (document.activeElement !== document.body || modals.get().length > 0) return
  const tile = tileWith(focused.get())
  tile?.focus({ preventScroll: true })
}

function keepOneStop(element: HTMLElement): void {
  const tiles = [...element.querySelectorAll<HTMLElement>('[data-tile]')]
  const here = focused.get()
  const stop = tiles.find(({ dataset }) => dataset.tile === here) ?? tiles.find((tile) => isInWindow(tile)) ?? tiles[0]
  for (const tile of tiles) {
    const wanted = tile === stop ? 0 : -1
    if (tile.tabIndex !== wanted) tile.tabIndex = wanted
  }
}

function isInWindow(tile: HTMLElement): boolean {
  const { top, bottom } = tile.getBoundingClientRect()
  return top >= 0 && bottom <= innerHeight
}

/** Where the keyboard goes on; nothing happens if it is not in the document. */
export const focusTile = (id: string | undefined): void => tileWith(id)?.focus()

const tileWith = (id: string | undefined): HTMLElement | undefined =>
  (id !== undefined && document.querySelector<HTMLElement>(`[data-tile="${CSS.escape(id)}"]`)) || undefined

export const tileOf = (target: EventTarget | null): HTMLElement | undefined =>
  (target instanceof Element && target.closest<HTMLElement>('[data-tile]')) || undefined

/**
 * The tile to which an arrow leads: the next or last one in their order, from the end of a row to the beginning of the next; the
 * nearest one of the rows above or below. Undefined for other keys, and at both ends.
 */
export function nextByArrow(from: HTMLElement, key: string): HTMLElement | undefined {
  const step = sideways[key]
  const way = upright[key]
  if (step === undefined && way === undefined) return undefined
  const all = [...document.querySelectorAll<HTMLElement>('[data-tile]')].map((tile) => ({ tile, ...middleOf(tile) }))
  if (step !== undefined) {
    all.sort((one, other) => (Math.abs(one.y - other.y) > 1 ? one.y - other.y : one.x - other.x))
    return all[all.findIndex(({ tile }) => tile === from) + step]?.tile
  }
  const here = middleOf(from)
  let best: { tile: HTMLElement; cost: number } | undefined
  for (const { tile, x, y } of all) {
    const along = (y - here.y) * way!
    if (along <= 4) continue
    const cost = along + Math.abs(x - here.x) * 0.5
    if (!best || cost < best.cost) best = { tile, cost }
  }
  return best?.tile
}

const sideways: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }
const upright: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 }

function middleOf(element: HTMLElement): { x: number; y: number } {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

import type { ImageFilters } from '@imagehost/contract/image-filters'
import { createStore } from '../../lib/store.ts'
import type { Sketch } from './sketch.ts'

/** What is chosen: these, or all that a filter finds but these. */
export interface Selection {
  picked: ReadonlyMap<string, Sketch>
  all?: Everything
}

interface Everything {
  filter: ImageFilters
  count: number
  /** There are more than have been counted. */
  isAtLeast?: boolean
  /** Of all of them, where that is known. */
  bytes?: number
}

/** What the screen shows in one order, for choosing more than one at once. */
export interface Scope {
  /** Of those that are drawn. */
  find(id: string): Sketch | undefined
  /** Of all that are known, where that is one list. */
  order?(): readonly string[]
  /** From one to the other, both with them, in whatever direction. */
  between(from: Sketch, to: Sketch): Promise<readonly Sketch[]>
  all?: Everything
}

const nothing: Selection = { picked: new Map() }
export const selection = createStore<Selection>(nothing)
export const scope = createStore<Scope | undefined>(undefined)

/** From here a range is drawn, beside what was chosen before it. */
let anchor: { sketch: Sketch; before: ReadonlyMap<string, Sketch> } | undefined

export const isChosen = ({ picked, all }: Selection, id: string): boolean => picked.has(id) !== (all !== undefined)

export const countChosen = ({ picked, all }: Selection): number => (all ? all.count - picked.size : picked.size)

/** Undefined: nobody knows without asking. */
export function bytesChosen({ picked, all }: Selection): number | undefined {
  const sum = [...picked.values()].reduce((total, { size }) => total + size, 0)
  return all ? all.bytes && all.bytes - sum : sum
}

export function toggle(sketch: Sketch): void {
  anchor = { sketch, before: selection.get().picked }
  selection.set(({ picked, ...rest }) => {
    const next = new Map(picked)
    if (!next.delete(sketch.id)) next.set(sketch.id, sketch)
    return { ...rest, picked: next }
  })
}

let drawing = 0

/** All from where somebody began to this one; a further call draws the range anew. */
export async function extendTo(sketch: Sketch): Promise<void> {
  const between = scope.get()?.between
  if (!anchor || !between || selection.get().all) return toggle(sketch)
  const { sketch: from, before } = anchor
  const turn = ++drawing
  const range = await between(from, sketch)
  // Whoever went on meanwhile means what they are at now.
  if (turn !== drawing) return
  selection.set(() => ({ picked: new Map([...before, ...range.map((one) => [one.id, one] as const)]) }))
}

/** Where the keys move from without choosing anything: the next range begins here. */
export function beginRange(sketch: Sketch): void {
  anchor = { sketch, before: selection.get().picked }
}

export function selectAll(): void {
  const all = scope.get()?.all
  if (all && all.count > 0) selection.set(() => ({ picked: new Map(), all }))
}

export const clearSelection = (): void => selection.set(() => nothing)

import { client } from '../../lib/client.ts'
import { selection } from './selection.ts'
import { type Sketch, sketchOf } from './sketch.ts'

const pageSize = 200

/** All that is chosen; where only a filter says which, they are asked for. */
export async function chosenSketches(): Promise<Sketch[]> {
  const { picked, all } = selection.get()
  if (!all) return [...picked.values()]
  const sketches: Sketch[] = []
  let cursor: string | undefined
  do {
    const query = { ...all.filter, limit: pageSize, ...(cursor && { cursor }) }
    const page = await client.images.list({ query })
    sketches.push(...page.items.map(sketchOf).filter(({ id }) => !picked.has(id)))
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return sketches
}

export const chosenIds = async (): Promise<string[]> => (await chosenSketches()).map(({ id }) => id)

import type { Selection } from './grid/selection.ts'

/** As many as the address of one zip names. */
const perZip = 200
/** Files that come at once: browsers ask before they take a second one, and more nobody waits for. */
const maxZips = 5

/** Pictures that can be had at once where each of them was chosen by hand. */
export const maxByHand = perZip * maxZips

/**
 * From where what is chosen comes: one picture as it is, several as a zip, very many as some zips; all that a filter finds, and
 * a whole album, as one. Undefined: too many by hand.
 */
export function addressesOf({ picked, all }: Selection): string[] | undefined {
  const ids = [...picked.keys()]
  if (all) {
    if (ids.length > perZip) return undefined
    const without = ids.length > 0 && { without: ids }
    const { album } = all.filter
    // A filter finds the own pictures only; in an album there are those of others too.
    return [
      album === undefined ? zipOf({ ...all.filter, ...without }) : zipOf({ ...without }, `/api/v1/album/${album}/zip`),
    ]
  }
  if (ids.length > maxByHand) return undefined
  if (ids.length === 1) return [`/i/${ids[0]}?download`]
  return Array.from({ length: Math.ceil(ids.length / perZip) }, (_, n) =>
    zipOf({ ids: ids.slice(n * perZip, (n + 1) * perZip) }),
  )
}

type Query = Readonly<Record<string, string | number | readonly string[]>>

function zipOf(query: Query, path = '/api/v1/me/images/zip'): string {
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  return asked.size > 0 ? `${path}?${asked}` : path
}

import type { ImageFilters } from '@imagehost/contract/image-filters'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'wouter'
import { client } from '../../lib/client.ts'
import { isSearching } from '../../lib/searching.ts'
import { useStore } from '../../lib/store.ts'
import { say } from '../../lib/words.ts'

const names = ['q', 'tag', 'visibility', 'mime'] as const
type Filter = (typeof names)[number]
type Chosen = Partial<Record<Filter, string>>

const visibilities = ['private', 'unlisted', 'public'] as const
const types = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/gif': 'GIF' } as const
/** More tags than this are found by typing. */
const maxTags = 8

/** What the address asks for; nothing: all pictures by their months. */
export function filtersIn(query: URLSearchParams): Chosen {
  return Object.fromEntries(
    names.flatMap((name) => [[name, query.get(name)?.trim()] as const].filter(([, value]) => value)),
  )
}

/** As it is asked of the server, which refuses what is none of its words. */
export const asFilters = (chosen: Chosen): ImageFilters => chosen as ImageFilters

/** What was looked for, as people say it. */
export const filtersSaid = ({ q, tag, visibility, mime }: Chosen): string =>
  [q, tag, ...visibilities.filter((one) => one === visibility).map((one) => say(`viewer.${one}`)), mime?.split('/')[1]]
    .filter(Boolean)
    .join(', ')

/** Chips under the search, while somebody searches. */
export function Filters() {
  const [query, setQuery] = useSearchParams()
  const chosen = filtersIn(query)
  const isShown = useStore(isSearching) || Object.keys(chosen).length > 0
  const tags = useQuery({ queryKey: ['tags'], queryFn: fetchTags, enabled: isShown })
  if (!isShown) return null
  const toggle = (name: Filter, value: string) =>
    setQuery((before) => {
      const next = new URLSearchParams(before)
      if (next.get(name) === value) next.delete(name)
      else next.set(name, value)
      return next
    })
  const chip = (name: Filter, value: string, label: string) => (
    <button
      key={`${name} ${value}`}
      type="button"
      aria-pressed={chosen[name] === value}
      // Before the field loses the focus, and with it the chips their place.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => toggle(name, value)}
      className="h-8 shrink-0 rounded-full border border-edge px-3 hover:bg-sunken aria-pressed:bg-text aria-pressed:font-semibold aria-pressed:text-bg pointer-coarse:h-11"
    >
      {label}
    </button>
  )
  return (
    <fieldset className="flex min-w-0 gap-2 overflow-x-auto px-4 pt-3 sm:px-0">
      <legend className="sr-only">{say('gallery.filters')}</legend>
      {visibilities.map((one) => chip('visibility', one, say(`viewer.${one}`)))}
      {Object.entries(types).map(([mime, label]) => chip('mime', mime, label))}
      {tags.data?.map((tag) => chip('tag', tag, `#${tag}`))}
    </fieldset>
  )
}

/** Those that most pictures have. */
async function fetchTags(): Promise<string[]> {
  const { items } = await client.collection.tags()
  return items
    .toSorted((a, b) => b.count - a.count)
    .slice(0, maxTags)
    .map(({ tag }) => tag)
}

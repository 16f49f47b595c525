import type { ComponentType, ReactNode } from 'react'
import { Link, useRoute, useSearchParams } from 'wouter'
import { AlbumIcon, PhotosIcon, SearchIcon, ShareIcon, TrashIcon, YouIcon } from './components/icons.tsx'
import { UploadButton, UploadPlace } from './components/upload-button.tsx'
import { formatBytes, formatNumber } from './lib/format.ts'
import { isSearching, leaveSearch } from './lib/searching.ts'
import { useUsage } from './lib/session.ts'
import { useStore } from './lib/store.ts'
import { who } from './lib/who.ts'
import { say } from './lib/words.ts'

/** The bar at the foot of a phone has room for five; the trash is under the last of them there. */
const places = [
  { path: '/', match: '/', word: 'nav.photos', Icon: PhotosIcon, where: '' },
  { path: '/albums', match: '/albums/*?', word: 'nav.albums', Icon: AlbumIcon, where: '' },
  { path: '/shared', match: '/shared', word: 'nav.shared', Icon: ShareIcon, where: 'max-sm:order-1' },
  { path: '/trash', match: '/trash', word: 'nav.trash', Icon: TrashIcon, where: 'max-sm:hidden' },
  { path: '/settings', match: '/settings/*?', word: 'nav.you', Icon: YouIcon, where: 'max-sm:order-1 sm:hidden' },
] as const

/** Top bar, rail or bottom bar, and the place in the middle. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="min-h-dvh sm:grid sm:grid-cols-[208px_1fr] sm:grid-rows-[56px_1fr]">
      <header className="sticky top-0 z-20 col-span-2 flex h-12 items-center gap-3 border-b border-line bg-bg px-4 sm:h-14 sm:px-6">
        <Link href="/" className="hidden text-[1rem] font-semibold tracking-[-0.01em] sm:block sm:w-[172px]">
          {say('app.name')}
        </Link>
        <Search />
        <UploadButton />
        <Avatar />
      </header>
      <nav
        aria-label={say('nav.main')}
        className="fixed inset-x-0 bottom-0 z-20 flex h-14 border-t border-line bg-bg pb-[env(safe-area-inset-bottom)] sm:sticky sm:top-14 sm:h-[calc(100dvh-56px)] sm:flex-col sm:gap-1 sm:border-t-0 sm:p-3"
      >
        {places.map((place) => (
          <Place key={place.path} {...place} />
        ))}
        <UploadPlace />
        <UsageLine />
      </nav>
      <main className="min-w-0 pb-20 sm:pb-6">{children}</main>
    </div>
  )
}

function Avatar() {
  const [isHere] = useRoute('/settings/*?')
  const state = useStore(who)
  const name = state.state === 'somebody' ? state.user.username : ''
  return (
    <Link
      href="/settings"
      aria-label={say('nav.you')}
      aria-current={isHere ? 'page' : undefined}
      title={name}
      className="hidden size-9 shrink-0 place-items-center rounded-full bg-sunken font-semibold uppercase hover:opacity-90 aria-[current]:ring-2 aria-[current]:ring-text sm:grid"
    >
      {name.slice(0, 1)}
    </Link>
  )
}

interface PlaceProps {
  path: string
  match: string
  word: (typeof places)[number]['word']
  Icon: ComponentType<{ className?: string }>
  where: string
}

function Place({ path, match, word, Icon, where }: PlaceProps) {
  const [isHere] = useRoute(match)
  return (
    <Link
      href={path}
      aria-current={isHere ? 'page' : undefined}
      className={`${where} place aria-[current]:font-semibold aria-[current]:text-text sm:flex-none sm:flex-row sm:justify-start sm:gap-3 sm:rounded-control sm:px-3 sm:py-2 sm:text-[0.875rem] sm:hover:bg-sunken sm:aria-[current]:bg-sunken`}
    >
      <Icon /> <span className="max-w-full truncate">{say(word)}</span>
    </Link>
  )
}

function UsageLine() {
  const { data } = useUsage()
  if (!data) return null
  const images = formatNumber(data.images)
  const size = formatBytes(data.bytes)
  return (
    <p className="meta mt-auto hidden px-3 sm:block">
      {data.max_bytes === undefined
        ? say('settings.usageLine', { images, size })
        : say('settings.usageOf', { images, size, max: formatBytes(data.max_bytes) })}
    </p>
  )
}

function Search() {
  const [query, setQuery] = useSearchParams()
  const set = (text: string) =>
    setQuery(
      (before) => {
        const next = new URLSearchParams(before)
        if (text) next.set('q', text)
        else next.delete('q')
        return next
      },
      // Letters are no steps of the way back; the first of them is one.
      { replace: query.has('q') },
    )
  return (
    <label className="relative mx-auto block w-full max-w-[560px]">
      <span className="sr-only">{say('nav.search')}</span>
      <SearchIcon className="pointer-events-none absolute left-2.5 top-2 size-5 text-muted pointer-coarse:top-3" />
      <input
        type="search"
        className="field pl-9"
        placeholder={say('nav.search')}
        value={query.get('q') ?? ''}
        onChange={(event) => set(event.target.value)}
        data-key="search"
        onFocus={() => isSearching.set(() => true)}
        onBlur={leaveSearch}
        onKeyDown={({ key, currentTarget }) => {
          if (key !== 'Escape') return
          set('')
          currentTarget.blur()
        }}
      />
    </label>
  )
}

import type { ComponentType, ReactNode } from 'react'
import { Link, useRoute, useSearchParams } from 'wouter'
import { AlbumIcon, PhotosIcon, SearchIcon, SettingsIcon, TrashIcon, UploadIcon } from './components/icons.tsx'
import { formatBytes, formatNumber } from './lib/format.ts'
import { useUsage } from './lib/session.ts'
import { choosePictures } from './lib/upload-queue.ts'
import { say } from './lib/words.ts'

const places = [
  { path: '/', word: 'nav.photos', Icon: PhotosIcon },
  { path: '/albums', word: 'nav.albums', Icon: AlbumIcon },
  { path: '/trash', word: 'nav.trash', Icon: TrashIcon },
  { path: '/settings', word: 'nav.settings', Icon: SettingsIcon },
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
        <button type="button" className="primary ml-auto hidden sm:inline-flex" onClick={choosePictures}>
          <UploadIcon /> {say('nav.upload')}
        </button>
      </header>
      <nav
        aria-label={say('nav.main')}
        className="fixed inset-x-0 bottom-0 z-20 flex h-14 border-t border-line bg-bg pb-[env(safe-area-inset-bottom)] sm:sticky sm:top-14 sm:h-[calc(100dvh-56px)] sm:flex-col sm:gap-1 sm:border-t-0 sm:p-3"
      >
        {places.map((place) => (
          <Place key={place.path} {...place} />
        ))}
        <button
          type="button"
          className="flex flex-1 flex-col items-center justify-center gap-0.5 text-[0.75rem] text-muted sm:hidden"
          onClick={choosePictures}
        >
          <UploadIcon /> {say('nav.upload')}
        </button>
        <UsageLine />
      </nav>
      <main className="min-w-0 pb-20 sm:pb-6">{children}</main>
    </div>
  )
}

interface PlaceProps {
  path: string
  word: (typeof places)[number]['word']
  Icon: ComponentType<{ className?: string }>
}

function Place({ path, word, Icon }: PlaceProps) {
  const [isHere] = useRoute(path)
  return (
    <Link
      href={path}
      aria-current={isHere ? 'page' : undefined}
      className="flex flex-1 flex-col items-center justify-center gap-0.5 text-[0.75rem] text-muted aria-[current]:font-semibold aria-[current]:text-text sm:flex-none sm:flex-row sm:justify-start sm:gap-3 sm:rounded-control sm:px-3 sm:py-2 sm:text-[0.875rem] sm:hover:bg-sunken sm:aria-[current]:bg-sunken"
    >
      <Icon /> {say(word)}
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
    setQuery((before) => {
      const next = new URLSearchParams(before)
      if (text) next.set('q', text)
      else next.delete('q')
      return next
    })
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
      />
    </label>
  )
}

import { type ComponentType, createContext, type ReactNode } from 'react'
import { Link, useRoute } from 'wouter'
import { PreviousIcon } from './icons.tsx'

/** Of the section in which something stands; empty outside of one. */
export const SectionTitle = createContext('')

interface Section {
  /** Behind the address of the screen. */
  path: string
  label: string
  Page: ComponentType
}

interface SectionsProps {
  title: string
  base: string
  sections: readonly [Section, ...Section[]]
  /** What stands below the list. */
  more?: ReactNode
}

/** A list of subjects and the one that is chosen beside it; where there is no room for both, the list leads to it. */
export function Sections({ title, base, sections, more }: SectionsProps) {
  const [isInside, params] = useRoute<{ section: string }>(`${base}/:section`)
  const chosen = sections.find(({ path }) => isInside && path === params.section)
  const { Page, label, path } = chosen ?? sections[0]
  return (
    <div className="grid grid-cols-1 gap-6 p-4 lg:grid-cols-[200px_minmax(0,640px)] lg:gap-x-8 sm:p-6">
      <header className={`lg:col-span-2 ${chosen ? 'max-lg:hidden' : ''}`}>
        <h1 className="screen-title">{title}</h1>
      </header>
      <nav aria-label={title} className={`grid content-start gap-1 ${chosen ? 'max-lg:hidden' : ''}`}>
        {sections.map((section) => (
          <Link
            key={section.path}
            href={`${base}/${section.path}`}
            aria-current={section.path === path ? 'page' : undefined}
            className="flex min-h-9 items-center rounded-control px-3 hover:bg-sunken max-lg:min-h-12 max-lg:border-b max-lg:rounded-none max-lg:border-line max-lg:px-0 max-lg:text-[1rem] lg:aria-[current]:bg-sunken lg:aria-[current]:font-semibold"
          >
            {section.label}
          </Link>
        ))}
        {more}
      </nav>
      <div className={`grid grid-cols-1 content-start gap-4 ${chosen ? '' : 'max-lg:hidden'}`}>
        <header className="flex items-center gap-2 lg:hidden">
          <Link href={base} aria-label={title} className="quiet -ml-3 px-2">
            <PreviousIcon />
          </Link>
          <h1 className="title">{label}</h1>
        </header>
        <SectionTitle value={label}>
          <Page key={path} />
        </SectionTitle>
      </div>
    </div>
  )
}

import { type ReactNode, useContext } from 'react'
import { SectionTitle } from './sections.tsx'

/** One subject, one card; where the screen of a phone is called the same above it, its title is only read aloud. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  const isSaid = useContext(SectionTitle) === title
  return (
    <section className="card grid grid-cols-1 gap-3">
      <h2 className={`text-[1rem] font-semibold ${isSaid ? 'max-lg:sr-only' : ''}`}>{title}</h2>
      {children}
    </section>
  )
}

import type { ReactNode } from 'react'

/** One subject, one card. */
export const Card = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="card grid grid-cols-1 gap-3">
    <h2 className="text-[1rem] font-semibold">{title}</h2>
    {children}
  </section>
)

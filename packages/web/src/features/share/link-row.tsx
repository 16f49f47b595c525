import { LinkMenu } from '../../components/link-menu.tsx'
import { type LimitedLink, termsOf } from '../../lib/limited-links.ts'
import { say } from '../../lib/words.ts'

/** One limited link: whom it is for, what is left of it, and what can be done with it. */
export function LinkRow({ link }: { link: LimitedLink }) {
  return (
    <li className="flex items-center gap-2">
      <div className="min-w-0 flex-1">
        <p className="name">{link.name ?? say('links.unnamed')}</p>
        <p className="meta">{termsOf(link)}</p>
      </div>
      <LinkMenu link={link} />
    </li>
  )
}

import { Check, Field } from '../../components/field.tsx'
import { LinkForm } from '../../components/link-form.tsx'
import { termsOfForm, textOf } from '../../components/link-terms.tsx'
import { type LimitedLink, makeLimitedLink } from '../../lib/limited-links.ts'
import type { Shareable } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'

interface NewLinkProps {
  of: Shareable
  onMade: (link: LimitedLink, password: string) => void
  onCancel: () => void
}

/** The terms of a limited link. */
export function NewLink({ of, onMade, onCancel }: NewLinkProps) {
  function make(given: FormData): Promise<LimitedLink> {
    const views = textOf(given, 'views')
    return makeLimitedLink(of, {
      ...termsOfForm(given),
      allow_download: given.has('download'),
      ...(views && { max_views: Number(views) }),
    })
  }
  const most = (
    <Field
      label={say('links.most')}
      name="views"
      type="number"
      min={1}
      max={1_000_000}
      placeholder={say('links.unlimited')}
    />
  )
  return (
    <LinkForm make={make} onMade={onMade} onCancel={onCancel} limits={most}>
      <Check label={say('links.download')} name="download" defaultChecked />
    </LinkForm>
  )
}

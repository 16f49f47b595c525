import type { LimitedLink, LimitedLinkTerms } from '../lib/limited-links.ts'
import { termsOfForm, textOf } from '../lib/link-terms.ts'
import { say } from '../lib/words.ts'
import { Check, Field } from './field.tsx'
import { LinkForm } from './link-form.tsx'

interface LimitedLinkFormProps {
  /** The one that is changed; without it one is made. */
  link?: LimitedLink
  store: (terms: LimitedLinkTerms) => Promise<LimitedLink>
  onStored: (link: LimitedLink, password: string) => void
  onCancel: () => void
}

/** The terms of a limited link. */
export function LimitedLinkForm({ link, store, onStored, onCancel }: LimitedLinkFormProps) {
  const most = (
    <Field
      label={say('links.most')}
      name="views"
      type="number"
      // With as many as it was opened already it would end here and now, which is what revoking is for.
      min={(link?.views ?? 0) + 1}
      max={1_000_000}
      defaultValue={link?.max_views}
      placeholder={say('links.unlimited')}
    />
  )
  return (
    <LinkForm
      link={link}
      store={(given) => store(termsFrom(given))}
      onStored={onStored}
      onCancel={onCancel}
      limits={most}
    >
      <Check label={say('links.download')} name="download" defaultChecked={link?.allow_download ?? true} />
    </LinkForm>
  )
}

const termsFrom = (given: FormData): LimitedLinkTerms => ({
  ...termsOfForm(given),
  max_views: Number(textOf(given, 'views')) || null,
  allow_download: given.has('download'),
})

import type { Image } from '@imagehost/client'
import { useQueryClient } from '@tanstack/react-query'
import { client } from '../../lib/client.ts'
import { formatBytes, formatDate, formatNumber } from '../../lib/format.ts'
import { refreshImages } from '../../lib/session.ts'
import { share } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'
import { CopyField } from '../copy-field.tsx'
import { Segments } from '../segments.tsx'
import { toast } from '../toasts.tsx'

const visibilities = ['private', 'unlisted', 'public'] as const

/** What is known of a picture, and what can be changed in place. */
export function ImageInfo({ image }: { image: Image }) {
  const known = useQueryClient()
  const params = { id: image.id }
  async function change(body: Parameters<typeof client.images.update>[0]['body']): Promise<void> {
    try {
      known.setQueryData(['image', image.id], await client.images.update({ params, body }))
      toast(say('toast.saved'))
      refreshImages()
    } catch (error) {
      toast((error as Error).message)
    }
  }
  return (
    <aside
      aria-label={say('viewer.info')}
      className="grid w-full content-start gap-5 overflow-auto bg-surface p-5 text-text max-sm:absolute max-sm:inset-x-0 max-sm:bottom-0 max-sm:max-h-[60dvh] max-sm:rounded-t-dialog sm:w-80"
    >
      <input
        className="field"
        aria-label={say('viewer.title')}
        placeholder={say('viewer.untitled')}
        defaultValue={image.title ?? ''}
        maxLength={300}
        onBlur={({ target }) => target.value !== (image.title ?? '') && void change({ title: target.value })}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
      />
      <CopyField label={say('viewer.link')} text={image.url} />
      <div className="grid gap-2">
        <Segments
          label={say('viewer.visibility')}
          name="visibility"
          value={image.visibility}
          options={visibilities.map((value) => ({ value, label: say(`viewer.${value}`) }))}
          onChange={(visibility) => void change({ visibility })}
        />
        <p className="text-muted">{say(`viewer.${image.visibility}Means`)}</p>
      </div>
      <button type="button" className="secondary" onClick={() => share({ image: image.id })}>
        {say('links.title')}
      </button>
      <label className="grid gap-1">
        <span className="meta">{say('viewer.tags')}</span>
        <input
          className="field"
          defaultValue={image.tags?.join(', ') ?? ''}
          onBlur={({ target }) => {
            const tags = target.value
              .split(',')
              .map((tag) => tag.trim())
              .filter(Boolean)
            if (tags.join() !== (image.tags ?? []).join()) void change({ tags })
          }}
        />
      </label>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 tabular-nums">
        {image.taken_at !== undefined && <Fact name={say('viewer.taken')} value={formatDate(image.taken_at)} />}
        <Fact name={say('viewer.added')} value={formatDate(image.created_at)} />
        <Fact
          name={say('viewer.size')}
          value={`${image.width ?? '?'} × ${image.height ?? '?'} · ${formatBytes(image.size ?? 0)}`}
        />
        <Fact name={say('viewer.views')} value={formatNumber(image.views)} />
      </dl>
    </aside>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="text-right">{value}</dd>
  </>
)

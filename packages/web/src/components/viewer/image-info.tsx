import type { Image } from '@imagehost/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { client } from '../../lib/client.ts'
import { refreshImages } from '../../lib/session.ts'
import { share } from '../../lib/sharing.ts'
import { say } from '../../lib/words.ts'
import { CopyField } from '../copy-field.tsx'
import { Segments } from '../segments.tsx'
import { toast } from '../toasts.tsx'
import { Expiry } from './expiry.tsx'
import { ImageAlbums, ImageFacts } from './image-facts.tsx'

const visibilities = ['private', 'unlisted', 'public'] as const

/** What can be written in place. */
export type Field = 'title' | 'tags'

interface ImageInfoProps {
  image: Image
  /** Where somebody wants to write. */
  field: Field | undefined
  onAlbum: () => unknown
  onClose: () => void
}

/** What is known of a picture, and what can be changed in place; on a phone a sheet from below. */
export function ImageInfo({ image, field, onAlbum, onClose }: ImageInfoProps) {
  const fields = { title: useRef<HTMLInputElement>(null), tags: useRef<HTMLInputElement>(null) }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when somebody asks for it.
  useEffect(() => {
    if (field) fields[field].current?.focus()
  }, [field])
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
      className="grid w-full grid-cols-1 content-start gap-5 overflow-auto bg-surface p-5 text-text max-sm:z-20 max-sm:absolute max-sm:inset-x-0 max-sm:bottom-0 max-sm:max-h-[60dvh] max-sm:rounded-t-dialog sm:w-80"
    >
      <button type="button" className="quiet -mb-3 justify-self-end px-2 sm:hidden" onClick={onClose}>
        {say('viewer.close')}
      </button>
      <input
        ref={fields.title}
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
      <Expiry until={image.expires_at} onChange={(until) => void change({ expires_at: until })} />
      <button type="button" className="secondary" onClick={() => share({ image: image.id })}>
        {say('links.title')}
      </button>
      <ImageAlbums ids={image.album_ids ?? []} onAdd={onAlbum} />
      <label className="grid gap-1">
        <span className="meta">{say('viewer.tags')}</span>
        <input
          ref={fields.tags}
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
      <ImageFacts image={image} />
    </aside>
  )
}

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useConfirmed } from '../../components/confirmed.tsx'
import { CopyField } from '../../components/copy-field.tsx'
import { client } from '../../lib/client.ts'
import { formatDate } from '../../lib/format.ts'
import { say } from '../../lib/words.ts'

const scopesOf = {
  upload: ['upload'],
  all: ['images:read', 'images:write', 'images:delete'],
} as const

export function Keys() {
  const keys = useQuery({ queryKey: ['keys'], queryFn: () => client.keys.list() })
  const { run, dialog } = useConfirmed()
  const [made, setMade] = useState<string>()

  function make(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const scope = given.get('scope') === 'all' ? 'all' : 'upload'
    void run(async () => {
      const { key } = await client.keys.create({
        body: { name: String(given.get('name')), scopes: [...scopesOf[scope]] },
      })
      setMade(key)
      form.reset()
      await keys.refetch()
    })
  }

  const revoke = (kid: string) =>
    run(async () => {
      await client.keys.delete({ params: { kid } })
      await keys.refetch()
    })

  return (
    <>
      {made && <MadeKey apiKey={made} />}
      <ul className="grid grid-cols-1 gap-2">
        {keys.data?.items.map(({ id, name, kind, last_used_at: used }) => (
          <li key={id} className="flex items-center gap-3">
            <span className="min-w-0 flex-1 truncate">{name ?? kind}</span>
            <span className="meta">
              {used === undefined ? say('settings.keyUnused') : say('settings.keyUsed', { date: formatDate(used) })}
            </span>
            <button
              type="button"
              className="secondary"
              aria-label={`${say('settings.keyRevoke')}: ${name ?? kind}`}
              onClick={() => void revoke(id)}
            >
              {say('settings.keyRevoke')}
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={make} className="grid gap-3 sm:grid-cols-[1fr_auto_auto] sm:items-end">
        <label className="grid gap-1">
          <span className="meta">{say('settings.keyName')}</span>
          <input name="name" className="field" required maxLength={100} />
        </label>
        <label className="grid gap-1">
          <span className="meta">{say('settings.keyScope')}</span>
          <select name="scope" className="field">
            <option value="upload">{say('settings.keyUpload')}</option>
            <option value="all">{say('settings.keyAll')}</option>
          </select>
        </label>
        <button type="submit" className="primary">
          {say('settings.keyMake')}
        </button>
      </form>
      {dialog}
    </>
  )
}

/** Shown once; what to do with it stands below. */
function MadeKey({ apiKey }: { apiKey: string }) {
  const address = `${location.origin}/api/v1/upload`
  const shareX = {
    Version: '16.1.0',
    Name: location.host,
    DestinationType: 'ImageUploader',
    RequestMethod: 'POST',
    RequestURL: address,
    Headers: { 'X-API-Key': apiKey },
    Body: 'MultipartFormData',
    FileFormName: 'file',
    URL: '{json:url}',
    ThumbnailURL: '{json:thumbnail_url}',
    DeletionURL: '{json:delete_url}',
    ErrorMessage: '{json:error.message}',
  }
  const file = URL.createObjectURL(new Blob([JSON.stringify(shareX, undefined, 2)], { type: 'application/json' }))
  return (
    <div role="status" className="grid grid-cols-1 gap-3 rounded-control bg-sunken p-3">
      <CopyField label={say('settings.keyOnce')} text={apiKey} />
      <CopyField label="curl" text={`curl ${address} -H 'X-API-Key: ${apiKey}' -F file=@picture.jpg`} />
      <a href={file} download={`${location.hostname}.sxcu`} className="secondary justify-self-start">
        ShareX
      </a>
    </div>
  )
}

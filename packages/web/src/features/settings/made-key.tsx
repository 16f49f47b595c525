import { useEffect, useState } from 'react'
import { CopyField } from '../../components/copy-field.tsx'
import { say } from '../../lib/words.ts'
import { uploadersFor } from './uploaders.ts'

/** Shown once; what to do with it stands below. */
export function MadeKey({ apiKey }: { apiKey: string }) {
  const address = `${location.origin}/api/v1/upload`
  const [downloads, setDownloads] = useState<{ program: string; filename: string; url: string }[]>([])
  useEffect(() => {
    const made = uploadersFor(address, apiKey).map(({ text, type, ...uploader }) => ({
      ...uploader,
      url: URL.createObjectURL(new Blob([text], { type })),
    }))
    setDownloads(made)
    // With them the key would stay in the memory of the page.
    return () => {
      for (const { url } of made) URL.revokeObjectURL(url)
    }
  }, [address, apiKey])
  return (
    <div role="status" className="grid grid-cols-1 gap-3 rounded-control bg-sunken p-3">
      <CopyField label={say('settings.keyOnce')} text={apiKey} isFocused />
      <CopyField label="curl" text={`curl ${address} -H 'X-API-Key: ${apiKey}' -F file=@picture.jpg`} />
      <p className="meta">{say('settings.keyPrograms')}</p>
      <div className="flex flex-wrap gap-2">
        {downloads.map(({ program, filename, url }) => (
          <a key={program} href={url} download={filename} className="secondary">
            {program}
          </a>
        ))}
      </div>
    </div>
  )
}

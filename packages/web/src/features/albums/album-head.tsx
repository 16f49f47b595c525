import { useState } from 'react'
import { useLocation } from 'wouter'
import { ShareIcon } from '../../components/icons.tsx'
import { Menu, type MenuItem } from '../../components/menu.tsx'
import { Question } from '../../components/question.tsx'
import { type Album, refreshAlbums } from '../../lib/albums.ts'
import { client } from '../../lib/client.ts'
import { formatNumber } from '../../lib/format.ts'
import { useKeys } from '../../lib/keys.ts'
import { saveFile } from '../../lib/save-file.ts'
import { share } from '../../lib/sharing.ts'
import { who } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'
import { AlbumDetails } from './album-details.tsx'
import { DropLinks } from './drop-links.tsx'
import { People } from './people.tsx'

interface AlbumHeadProps {
  about: Album
  onArrange: (() => void) | undefined
}

type Opened = 'details' | 'people' | 'drops' | 'delete' | 'leave'

/** What the album is, and what may be done with it by whoever looks. */
export function AlbumHead({ about, onArrange }: AlbumHeadProps) {
  const { id: album, name, description, visibility, role, image_count: count = 0 } = about
  const [opened, open] = useState<Opened>()
  const [, go] = useLocation()
  const close = () => open(undefined)
  useKeys(role === 'owner' ? { share: () => share({ album }) } : {})
  const [isOwn, mayEdit] = [role === 'owner', role === 'owner' || role === 'edit']
  const gone = () => {
    refreshAlbums()
    go('/albums')
  }
  const entry = (isThere: boolean, label: string, onChoose: () => void, isDangerous = false): MenuItem[] =>
    isThere ? [{ label, onChoose, isDangerous }] : []
  const items = [
    ...entry(mayEdit, say('albums.details'), () => open('details')),
    ...entry(mayEdit && onArrange !== undefined, say('albums.arrange'), () => onArrange?.()),
    ...entry(isOwn, say('albums.people'), () => open('people')),
    ...entry(isOwn, say('drops.title'), () => open('drops')),
    ...entry(true, say('albums.zip'), () => saveFile(`/api/v1/album/${album}/zip`)),
    ...entry(isOwn, say('albums.delete'), () => open('delete'), true),
    ...entry(!isOwn, say('albums.leave'), () => open('leave'), true),
  ]
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2 py-4 sm:py-6">
      <div className="grid min-w-0 flex-1 basis-40 gap-1">
        <h1 className="screen-title wrap-anywhere">{name}</h1>
        {description && <p className="max-w-prose wrap-anywhere whitespace-pre-wrap text-muted">{description}</p>}
        <p className="meta">
          {say('gallery.count', { count: formatNumber(count) })} · {say(`album.${visibility}Means`)}
        </p>
      </div>
      <div className="flex gap-2">
        {isOwn && (
          <button type="button" className="secondary" onClick={() => share({ album })}>
            <ShareIcon /> <span className="max-sm:sr-only">{say('share.share')}</span>
          </button>
        )}
        <Menu label={say('links.menu', { name })} items={items} />
      </div>
      {opened === 'details' && <AlbumDetails about={about} onClose={close} />}
      {opened === 'people' && <People album={album} onClose={close} />}
      {opened === 'drops' && <DropLinks album={album} onClose={close} />}
      {opened === 'delete' && (
        <Question
          action={say('albums.delete')}
          text={say('albums.deleteMeans', { name, count: formatNumber(count) })}
          onYes={async () => {
            await client.albums.delete({ params: { album } })
            gone()
          }}
          onClose={close}
        />
      )}
      {opened === 'leave' && (
        <Question
          action={say('albums.leave')}
          text={say('albums.leaveMeans', { name })}
          onYes={async () => {
            const state = who.get()
            if (state.state !== 'somebody') return
            await client.grants.delete({ params: { album, username: state.user.username } })
            gone()
          }}
          onClose={close}
        />
      )}
    </header>
  )
}

import { useQuery } from '@tanstack/react-query'
import { CopyField } from '../../components/copy-field.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { LoadError } from '../../components/load-error.tsx'
import { refreshAlbums } from '../../lib/albums.ts'
import { client } from '../../lib/client.ts'
import { refreshImages } from '../../lib/session.ts'
import { endSharing, sharing } from '../../lib/sharing.ts'
import { useStore } from '../../lib/store.ts'
import { who } from '../../lib/who.ts'
import { say } from '../../lib/words.ts'
import { LimitedLinks } from './limited-links.tsx'
import { OwnLink } from './own-link.tsx'

/** Whom something is shown to: by its own link, and by limited ones. */
export default function ShareDialog() {
  const what = useStore(sharing)
  if (!what) return null
  return 'image' in what ? <ImageDialog id={what.image} /> : <AlbumDialog album={what.album} />
}

function ImageDialog({ id }: { id: string }) {
  const params = { id }
  const image = useQuery({ queryKey: ['image', id], queryFn: () => client.images.info({ params }) })
  if (image.isError) return <Failure error={image.error} onRetry={() => void image.refetch()} />
  if (!image.data) return null
  const { title, original_filename: name, filename, visibility, url, owner_uid } = image.data
  const head = { title: title ?? name ?? filename, head: <Thumbnail id={id} />, onClose: endSharing }
  if (!isMine(owner_uid)) {
    return (
      <Dialog {...head}>
        <CopyField label={say('viewer.link')} text={url} />
        <p className="text-muted">{say('share.notYours')}</p>
      </Dialog>
    )
  }
  return (
    <Dialog {...head}>
      <OwnLink
        url={url}
        visibility={visibility}
        means={(value) => say(value === 'private' ? 'share.privateMeans' : `viewer.${value}Means`)}
        onChange={async (visibility) => {
          await client.images.update({ params, body: { visibility } })
          await image.refetch()
          refreshImages()
        }}
      />
      <LimitedLinks of={{ image: id }} />
    </Dialog>
  )
}

function AlbumDialog({ album }: { album: string }) {
  const params = { album }
  const about = useQuery({ queryKey: ['album', album], queryFn: () => client.albums.get({ params }) })
  if (about.isError) return <Failure error={about.error} onRetry={() => void about.refetch()} />
  if (!about.data) return null
  const { name, visibility, page_url: url, cover } = about.data
  return (
    <Dialog title={name} head={cover && <Thumbnail id={cover.id} />} onClose={endSharing}>
      <OwnLink
        url={url}
        visibility={visibility}
        means={(value) => say(`album.${value}Means`)}
        onChange={async (visibility) => {
          await client.albums.update({ params, body: { visibility } })
          await about.refetch()
          refreshAlbums()
        }}
      />
      <LimitedLinks of={{ album }} />
    </Dialog>
  )
}

function isMine(uid: string): boolean {
  const state = who.get()
  return state.state === 'somebody' && state.user.uid === uid
}

const Failure = (props: { error: Error; onRetry: () => void }) => (
  <Dialog title={say('share.share')} onClose={endSharing}>
    <LoadError {...props} />
  </Dialog>
)

const Thumbnail = ({ id }: { id: string }) => (
  <img src={`/i/${id}?preset=thumb`} alt="" className="size-16 shrink-0 rounded-control bg-sunken object-cover" />
)

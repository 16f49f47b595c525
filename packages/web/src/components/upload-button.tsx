import { choosePictures, isAskingAddress } from '../lib/pick-files.ts'
import { say } from '../lib/words.ts'
import { DownIcon, UploadIcon } from './icons.tsx'
import { Menu } from './menu.tsx'

const ways = () => [
  { label: say('gallery.choose'), onChoose: () => choosePictures() },
  { label: say('upload.folder'), onChoose: () => choosePictures('folder') },
  { label: say('upload.camera'), onChoose: () => choosePictures('camera') },
  { label: say('upload.address'), onChoose: () => isAskingAddress.set(() => true) },
]

/** Files by one press, all other ways by the second. */
export const UploadButton = () => (
  <div className="ml-auto hidden sm:flex">
    <button type="button" className="primary rounded-r-none" onClick={() => choosePictures()}>
      <UploadIcon /> {say('nav.upload')}
    </button>
    <Menu
      label={say('upload.ways')}
      className="primary ml-px rounded-l-none px-1.5"
      face={<DownIcon />}
      items={ways().slice(1)}
    />
  </div>
)

/** In the bar at the foot of a phone. */
export const UploadPlace = () => (
  <Menu
    label={say('nav.upload')}
    className="place sm:hidden"
    face={
      <>
        <UploadIcon /> <span className="max-w-full truncate">{say('nav.upload')}</span>
      </>
    }
    items={ways().filter(({ label }) => label !== say('upload.folder'))}
  />
)

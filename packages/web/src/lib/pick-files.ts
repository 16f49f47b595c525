import { createStore } from './store.ts'
import { enqueue } from './upload-queue.ts'

/** Whether the address of a picture is asked for. */
export const isAskingAddress = createStore(false)

type From = 'files' | 'folder' | 'camera'

/** The browser's own dialog, or the camera of a phone. */
export function choosePictures(from: From = 'files'): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'image/*'
  input.multiple = from !== 'camera'
  if (from === 'folder') input.webkitdirectory = true
  if (from === 'camera') input.capture = 'environment'
  input.onchange = () => {
    const files = [...(input.files ?? [])]
    enqueue(from === 'folder' ? files.filter(isPicture) : files)
  }
  input.click()
}

/** Of a folder only pictures are meant; of single files whoever chose them is told what is wrong with each. */
const isPicture = ({ name, type }: File): boolean =>
  !name.startsWith('.') && (type.startsWith('image/') || /\.(hei[cf]|avif)$/i.test(name))

/** Folders within folders end somewhere, and so does this. */
const maxEntries = 10_000

/** All files of a drop, with those in its folders. Its list is emptied when the event is over: call it while that is handled. */
export async function filesOf({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...files]
  const found: File[] = []
  const waiting = [...entries]
  for (let seen = 0; waiting.length > 0 && seen < maxEntries; seen++) {
    const entry = waiting.shift()!
    if (isFile(entry)) found.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)))
    else waiting.push(...(await childrenOf(entry as FileSystemDirectoryEntry)))
  }
  return found.filter(isPicture)
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile

async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const children: FileSystemEntry[] = []
  // A hundred at a time, until there are none.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0 || children.length > maxEntries) return children
    children.push(...some)
  }
}

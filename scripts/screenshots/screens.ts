import type { Page } from 'playwright-core'
import { dropFiles } from '../../packages/web/testing/drop-files.ts'
import type { Exhibition } from './exhibition.ts'

interface Screen {
  name: string
  path: string | ((site: Exhibition) => string)
  /** As somebody sees it who is not signed in. */
  isPublic?: true
  /** Whether what was done there is to be undone, so that the next look is at the same pictures. */
  isTidied?: true
  /** What somebody does until it is on the screen; `wide`: there is a mouse and room for a rail. */
  arrange?: (page: Page, look: { wide: boolean }) => Promise<unknown>
}

/** Every screen, one line each: a new one needs no more. */
export const screens: readonly Screen[] = [
  { name: 'welcome', path: '/', isPublic: true },
  { name: 'gallery', path: '/' },
  { name: 'selecting', path: '/', arrange: select },
  { name: 'search', path: '/?q=bridge' },
  { name: 'filtered', path: '/?visibility=private' },
  { name: 'no-match', path: '/?q=kiel' },
  { name: 'viewer', path: ({ images }) => `/?view=${images[4]}` },
  { name: 'info', path: ({ images }) => `/?view=${images[2]}`, arrange: (page) => page.keyboard.press('i') },
  { name: 'keys', path: '/', arrange: listKeys },
  {
    name: 'dragging',
    path: ({ album }) => `/albums/${album}`,
    arrange: (page) => dropFiles(page, [notes], 'dragenter'),
  },
  { name: 'uploading', path: '/', arrange: upload, isTidied: true },
  { name: 'albums', path: '/albums' },
  { name: 'album', path: ({ album }) => `/albums/${album}` },
  { name: 'arrange', path: ({ album }) => `/albums/${album}`, arrange: (page) => inAlbum(page, 'Arrange') },
  { name: 'people', path: ({ album }) => `/albums/${album}`, arrange: (page) => inAlbum(page, 'People') },
  { name: 'drop-links', path: ({ album }) => `/albums/${album}`, arrange: (page) => inAlbum(page, 'Drop links') },
  { name: 'drop-change', path: ({ album }) => `/albums/${album}`, arrange: changeDrop },
  { name: 'share', path: ({ images }) => `/?view=${images[2]}`, arrange: newLink },
  { name: 'shared', path: '/shared' },
  { name: 'link-change', path: '/shared', arrange: (page) => choose(page, 'Print shop', 'Change') },
  { name: 'trash', path: '/trash' },
  { name: 'settings', path: '/settings' },
  { name: 'settings-keys', path: '/settings/keys' },
  { name: 'settings-account', path: '/settings/account' },
  { name: 'admin-users', path: '/admin/users' },
  { name: 'admin-site', path: '/admin/site' },
  { name: 'admin-reports', path: '/admin/reports' },
  { name: 'admin-audit', path: '/admin/audit' },
  { name: 'public-image', path: ({ images }) => `/v/${images[5]}`, isPublic: true },
  { name: 'public-album', path: ({ album }) => `/a/${album}`, isPublic: true },
  { name: 'public-share', path: ({ share }) => `/s/${share}`, isPublic: true },
  { name: 'public-drop', path: ({ drop }) => `/d/${drop}`, isPublic: true },
]

async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `What to do with ${name}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

const inAlbum = (page: Page, item: string): Promise<void> => choose(page, '', item)

async function changeDrop(page: Page): Promise<void> {
  await inAlbum(page, 'Drop links')
  await choose(page, 'Everybody', 'Change')
}

async function newLink(page: Page): Promise<void> {
  await page.keyboard.press('s')
  await page.getByRole('button', { name: 'New limited link' }).click()
}

async function select(page: Page): Promise<void> {
  const tiles = page.getByRole('button', { name: /^Select / })
  for (const n of [1, 3, 4]) await tiles.nth(n).click({ force: true })
}

async function listKeys(page: Page): Promise<void> {
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
}

const notes = { name: 'notes.pdf', type: 'application/pdf', bytes: Buffer.from('these are notes') }

/** Pictures that were just taken, and a file that is none. */
async function upload(page: Page): Promise<void> {
  const bytes = await page.screenshot()
  const shots = ['Screenshot 1.png', 'Screenshot 2.png'].map((name, n) => ({
    name,
    type: 'image/png',
    bytes: Buffer.concat([bytes, Buffer.alloc(n)]),
  }))
  await dropFiles(page, [...shots, notes])
  await page.getByText(/ refused/).waitFor()
  const more = page.getByRole('button', { name: 'Show more' })
  if (await more.isVisible()) await more.click()
}

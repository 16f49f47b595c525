import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { launchBrowser } from '../packages/web/testing/launch-browser.ts'

/** Prints the icons of the installed page out of `icon.svg`; what it prints is committed, since it changes hardly ever. */
const folder = path.resolve(import.meta.dirname, '../packages/web/public')
/** Systems cut maskable ones into shapes of their own: what matters keeps to the middle four fifths. */
const icons = [
  { file: 'icon-180.png', side: 180, share: 0.68 },
  { file: 'icon-192.png', side: 192, share: 0.72 },
  { file: 'icon-512.png', side: 512, share: 0.72 },
  { file: 'icon-maskable-512.png', side: 512, share: 0.52 },
]

const svg = (await readFile(path.join(folder, 'icon.svg'), 'utf8')).replace(/<style>.*<\/style>/, '')
const browser = await launchBrowser()
for (const { file, side, share } of icons) {
  const page = await browser.newPage({ viewport: { width: side, height: side } })
  await page.setContent(
    `<style>body{margin:0;height:${side}px;display:grid;place-items:center;background:#fafafb}svg{width:${side * share}px;fill:#1a1d21}</style>${svg}`,
  )
  await writeFile(path.join(folder, file), await page.screenshot())
  await page.close()
}
await browser.close()

import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'

export interface Shot {
  /** Of the screen. */
  name: string
  /** In the folder of the sheet. */
  file: string
}

/** All of them on one sheet, a row for each screen: a page to click on, and a picture of it. */
export async function printContactSheet(browser: Browser, shots: readonly Shot[], folder: string): Promise<string> {
  const rows = [...Map.groupBy(shots, ({ name }) => name)].map(
    ([name, row]) =>
      `<h2>${name}</h2><p>${row.map(({ file }) => `<a href="${file}"><img src="${file}"></a>`).join('')}</p>`,
  )
  const sheet = path.join(folder, 'index.html')
  await writeFile(
    sheet,
    `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${style}</style>${rows.join('')}`,
  )
  const page = await browser.newPage({ viewport: { width: 1_480, height: 800 } })
  await page.goto(pathToFileURL(sheet).href)
  const picture = path.join(folder, 'contact-sheet.png')
  await page.screenshot({ path: picture, fullPage: true })
  await page.close()
  return picture
}

const style = `
  body { margin: 16px; background: #ddd; font: 13px sans-serif }
  h2 { margin: 12px 0 4px; font-size: 13px }
  p { display: flex; gap: 12px; margin: 0 }
  img { height: 300px; box-shadow: 0 1px 4px #0004 }`

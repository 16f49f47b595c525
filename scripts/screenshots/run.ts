import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { printContactSheet, type Shot } from './contact-sheet.ts'
import { type Exhibition, openExhibition } from './exhibition.ts'
import { findPhotographs } from './photographs.ts'
import { makePrints } from './prints.ts'
import { screens } from './screens.ts'

/** `npm run screenshots`: every screen at two widths, light and dark, with real photographs. */
const usage = `npm run screenshots -- [--out DIR] [--photographs DIR] [--only SCREEN,…]
  --out          where they go; screenshots/ unless given
  --photographs  a folder of photographs, instead of those of Debian's packages
  --only         some of: ${screens.map(({ name }) => name).join(' ')}`

const looks = (['light', 'dark'] as const).flatMap((theme) => [
  { theme, width: 1_440, height: 900, wide: true },
  { theme, width: 360, height: 740, wide: false },
])
/** Enough to fill a large screen twice. */
const pictures = 60
/** Pictures on the screen that have not come by then will not come. */
const settleMs = 10_000

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screenshots' },
    photographs: { type: 'string' },
    only: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const scratch = await mkdtemp(path.join(tmpdir(), 'imagehost-photographs-'))
try {
  console.log(await run())
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
await rm(scratch, { recursive: true, force: true })
// Whatever a failure left open.
process.exit()

async function run(): Promise<string> {
  const prints = await makePrints(findPhotographs(scratch, values.photographs), pictures)
  const exhibition = await openExhibition(prints)
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars']
  const installed = '/usr/bin/chromium'
  const browser = await chromium.launch({ args, ...(existsSync(installed) && { executablePath: installed }) })
  try {
    await mkdir(values.out, { recursive: true })
    const shots = await shootAll(browser, exhibition)
    return await printContactSheet(browser, shots, values.out)
  } finally {
    await browser.close()
    await exhibition.stop()
  }
}

async function shootAll(browser: Browser, site: Exhibition): Promise<Shot[]> {
  const wanted = values.only?.split(',')
  const shots: Shot[] = []
  for (const look of looks) {
    const options = {
      baseURL: site.url,
      colorScheme: look.theme,
      viewport: { width: look.width, height: look.height },
      ...(!look.wide && { isMobile: true, hasTouch: true, deviceScaleFactor: 2 }),
    }
    const [visitor, owner] = [await browser.newContext(options), await browser.newContext(options)]
    await signIn(owner, site)
    for (const screen of screens) {
      if (wanted && !wanted.includes(screen.name)) continue
      const page = await (screen.isPublic ? visitor : owner).newPage()
      await page.goto(typeof screen.path === 'string' ? screen.path : screen.path(site), { waitUntil: 'networkidle' })
      await screen.arrange?.(page, look)
      // Pictures that are on the screen, and the fades by which they come.
      await page.waitForFunction(hasSettled, undefined, { timeout: settleMs }).catch(() => {})
      const file = `${screen.name}-${look.width}-${look.theme}.png`
      await page.screenshot({ path: path.join(values.out, file) })
      shots.push({ name: screen.name, file })
      await page.close()
      if (screen.isTidied) await site.tidy()
    }
    await Promise.all([visitor.close(), owner.close()])
  }
  return shots
}

async function signIn(context: BrowserContext, { url, username, password }: Exhibition): Promise<void> {
  const answer = await context.request.post('/api/v1/session', {
    data: { username, password },
    headers: { origin: url },
  })
  if (!answer.ok()) throw new Error(`Signing in was refused: ${await answer.text()}`)
}

function hasSettled(): boolean {
  const isThere = (image: HTMLImageElement) => image.complete || image.getBoundingClientRect().top > innerHeight
  return (
    [...document.images].every(isThere) && document.getAnimations().every(({ playState }) => playState !== 'running')
  )
}

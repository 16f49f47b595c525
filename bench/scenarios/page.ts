import { createClient } from '@imagehost/client'
import type { Browser, BrowserContext } from 'playwright-core'
import { sharp } from '../../packages/server/src/imaging/sharp.ts'
import { launchBrowser } from '../../packages/web/testing/launch-browser.ts'
import { type CollectedSite, startCollectedSite } from '../collected-site.ts'
import { mainTasks, traced } from '../main-thread.ts'
import { slowness, type Visit, visit } from '../page-visit.ts'
import { photograph } from '../picture.ts'
import type { Result, Scenario } from '../result.ts'

const images = 100_000
const kilo = 1_000
const mega = 1_000_000
/** What the goals name. */
const goals = {
  lcp: 1_500,
  inp: 100,
  cls: 0.02,
  task: 50,
  first: 90,
  gallery: 140,
  public: 0,
  nodes: 600,
  heap: 10,
  paste: 1_500,
}

export const scenario: Scenario = {
  summary: 'the page in Chromium, its processor four times slower, in an account of 100,000 pictures',
  async run() {
    const site = await startCollectedSite(images)
    const browser = await launchBrowser()
    try {
      return [
        ...(await measureFirstVisit(browser, site)),
        ...(await measurePublicPage(browser, site)),
        ...(await measureGallery(browser, site)),
        ...(await measurePaste(browser, site)),
      ]
    } finally {
      await browser.close()
      await site.stop()
    }
  },
}

async function measureFirstVisit(browser: Browser, { url }: CollectedSite): Promise<Result[]> {
  const context = await browser.newContext({ baseURL: url, serviceWorkers: 'block' })
  const first = await visit(context, '/')
  await first.page.getByRole('heading', { level: 1 }).waitFor()
  await first.page.waitForLoadState('networkidle')
  const { lcp, cls } = await first.vitals()
  const bytes = await first.scriptBytes()
  await context.close()
  return [
    line('first visit: largest paint', 'ms', lcp, goals.lcp),
    line('first visit: what moves', 'share', cls, goals.cls),
    line('first visit: script, packed', 'KB', bytes / kilo, goals.first),
  ]
}

/** Of one image, for whoever has its link. */
async function measurePublicPage(browser: Browser, { url, username, password }: CollectedSite): Promise<Result[]> {
  const anna = await createClient({ baseUrl: url }).accounts.login({ body: { username, password } })
  const client = createClient({ baseUrl: url, apiKey: anna.api_key })
  const { id } = await client.upload(new Blob([new Uint8Array(await photograph())], { type: 'image/jpeg' }))
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1_440, height: 900 } })
  const { page, vitals, scriptBytes } = await visit(context, `/v/${id}`)
  await page.waitForFunction(() => [...document.images].every(({ naturalWidth }) => naturalWidth > 0))
  await page.waitForLoadState('networkidle')
  const { lcp, cls } = await vitals()
  const bytes = await scriptBytes()
  await context.close()
  await client.images.delete({ params: { id } })
  return [
    line('page of an image: largest paint', 'ms', lcp, goals.lcp),
    line('page of an image: what moves', 'share', cls, goals.cls),
    line('page of an image: script', 'KB', bytes / kilo, goals.public),
  ]
}

async function measureGallery(browser: Browser, site: CollectedSite): Promise<Result[]> {
  const context = await signedIn(browser, site)
  // As it is for somebody who comes again, but for what the browser would have kept.
  await (await openGallery(context, { isSlow: false })).page.close()
  const slow = await openGallery(context, { isSlow: true })
  const { lcp, cls } = await slow.vitals()
  const bytes = await slow.scriptBytes()
  await slow.forget()
  await press(slow)
  const { inp } = await slow.vitals()
  await slow.page.close()
  return [
    line('gallery of 100,000: largest paint', 'ms', lcp, goals.lcp),
    line('gallery of 100,000: what moves', 'share', cls, goals.cls),
    line('gallery: script, packed', 'KB', bytes / kilo, goals.gallery),
    line('gallery: slowest answer to a press', 'ms', inp, goals.inp),
    ...(await measureScrolling(await openGallery(context, { isSlow: false }))),
  ]
}

async function openGallery(context: BrowserContext, { isSlow }: { isSlow: boolean }): Promise<Visit> {
  const gallery = await visit(context, '/', { isSlow })
  // Looked for only then: what looks for it runs in the page, and would be measured.
  await gallery.page.waitForLoadState('networkidle')
  await gallery.page.locator('[data-tile] img').first().waitFor()
  return gallery
}

/** There and back. */
const passes = 2

/**
 * Tasks by the processor time of their thread, times the slowness: the browser's own way to be slow stretches them by
 * whatever else this machine does meanwhile. Of the passes the better one counts: each does the same, and what a virtual machine
 * takes away counts as the thread's own. A page as high with nothing in it goes the same way, which tells how much that is.
 */
async function measureScrolling(gallery: Visit): Promise<Result[]> {
  const heap = await gallery.heapBytes()
  await gallery.forget()
  const { longest, nodes } = await scrollThrough(gallery)
  const { cls } = await gallery.vitals()
  const more = (await gallery.heapBytes()) - heap
  const height = await gallery.page.evaluate(() => document.documentElement.scrollHeight)
  const empty = await visit(gallery.page.context(), 'about:blank', { isSlow: false })
  await empty.page.evaluate((height) => {
    document.body.style.height = `${height}px`
  }, height)
  const { longest: noise } = await scrollThrough(empty)
  await gallery.page.context().close()
  return [
    line('through 100,000 and back: longest task', 'ms', longest, goals.task),
    line('through an empty page of that height and back: longest task', 'ms', noise, goals.task),
    line('through 100,000 and back: what moves', 'share', cls, goals.cls),
    line('through 100,000 and back: nodes in the grid', 'nodes', nodes, goals.nodes),
    line('through 100,000 and back: heap', 'MB', more / mega, goals.heap),
  ]
}

/** Milliseconds, and how many nodes the grids had at most. */
async function scrollThrough(gallery: Visit): Promise<{ longest: number; nodes: number }> {
  let nodes = 0
  const longest: number[] = []
  for (let n = 0; n < passes; n++) {
    const events = await traced(gallery.cdp, async () => {
      nodes = Math.max(nodes, await pass(gallery))
    })
    longest.push(mainTasks(events)[0]?.tdur ?? 0)
  }
  return { longest: (Math.min(...longest) / kilo) * slowness, nodes }
}

/** From one end to the other, reading here and flying there; answers how many nodes the grids had at most. */
const pass = ({ page }: Visit): Promise<number> =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame)
    const end = document.documentElement.scrollHeight
    const direction = scrollY > end / 2 ? -1 : 1
    let nodes = 0
    for (
      let n = 0;
      direction > 0 ? scrollY + innerHeight < document.documentElement.scrollHeight - 2 : scrollY > 0;
      n++
    ) {
      // 40 frames at the pace of a wheel, then 100 at that of a hand that drags the bar.
      scrollBy({ top: direction * (n % 140 < 40 ? 120 : 4_000), behavior: 'instant' })
      await frame()
      if (n % 10 === 0) nodes = Math.max(nodes, document.querySelectorAll('[role=grid], [role=grid] *').length)
    }
    return nodes
  })

/** What somebody does in a gallery, by keys and by the mouse. */
async function press({ page }: Visit): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0))
  await page.locator('[data-tile] img').first().waitFor()
  await page.locator('[data-tile]').first().focus()
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight', 'x', 'Escape'])
    await page.keyboard.press(key)
  await page.getByRole('slider').focus()
  for (const key of ['PageDown', 'ArrowDown', 'End', 'Home']) await page.keyboard.press(key)
  await page.locator('[data-tile]').nth(3).click()
  const viewer = page.getByRole('dialog')
  await viewer.waitFor()
  for (const key of ['ArrowRight', 'ArrowRight', 'i', 'i', 'Escape']) await page.keyboard.press(key)
  await viewer.waitFor({ state: 'hidden' })
  await page.getByPlaceholder('Search').pressSequentially('lake')
  await page.getByPlaceholder('Search').fill('')
}

/** An image in the clipboard, one press, a link in the clipboard. */
async function measurePaste(browser: Browser, site: CollectedSite): Promise<Result[]> {
  const context = await signedIn(browser, site)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { page } = await visit(context, '/', { isSlow: false })
  await page.locator('[data-tile] img').first().waitFor()
  await page.waitForLoadState('networkidle')
  const bytes = await noise()
  await page.evaluate(async (base64) => {
    const blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: 'image/png' })
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })])
  }, bytes.toString('base64'))
  const before = performance.now()
  await page.keyboard.press('Control+v')
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes('/i/'), undefined, {
    polling: 20,
  })
  const ms = performance.now() - before
  await context.close()
  return [line(`paste → link, ${(bytes.length / mega).toFixed(1)} MB`, 'ms', ms, goals.paste)]
}

/** A megabyte that no PNG makes smaller. */
const noise = (): Promise<Buffer> =>
  sharp({
    create: {
      width: 640,
      height: 520,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer()

async function signedIn(browser: Browser, { url, username, password }: CollectedSite): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1_440, height: 900 },
    // What it keeps would not be measured.
    serviceWorkers: 'block',
  })
  await context.request.post('/api/v1/session', { data: { username, password }, headers: { origin: url } })
  // The records have no bytes; pictures come from here, as fast as a cache would give them.
  const thumbnail = await sharp(await photograph())
    .resize(330)
    .webp()
    .toBuffer()
  await context.route(/\/i\/img_0/, (route) => route.fulfill({ body: thumbnail, contentType: 'image/webp' }))
  return context
}

const line = (work: string, unit: Result['unit'], ours: number, atMost: number): Result => ({
  work,
  unit,
  ours,
  goal: { atMost },
})

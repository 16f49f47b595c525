import { gzipSync } from 'node:zlib'
import type { BrowserContext, CDPSession, Page, Response } from 'playwright-core'

/** One page in Chromium, with what it costs whoever looks at it. */
export interface Visit {
  page: Page
  cdp: CDPSession
  /** Scripts that it has loaded, packed, and those that stand in it; bytes. */
  scriptBytes(): Promise<number>
  vitals(): Promise<Vitals>
  /** Forgets what has happened so far, but for what was painted. */
  forget(): Promise<void>
  /** After garbage is collected; bytes. */
  heapBytes(): Promise<number>
}

/** Milliseconds, but for the share that moved. */
interface Vitals {
  lcp: number
  /** As browsers report it: the worst run of shifts with less than a second between them, of five seconds at most (web.dev/cls). */
  cls: number
  /** From a press to the next picture of the screen, the worst. */
  inp: number
  longestTask: number
}

/** A phone of the middle class against a machine of this kind, as Lighthouse has it. */
export const slowness = 4

export async function visit(context: BrowserContext, path: string, { isSlow = true } = {}): Promise<Visit> {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  if (isSlow) await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowness })
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  const scripts: Response[] = []
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(response)
  })
  await page.addInitScript(observe)
  await page.goto(path)
  return {
    page,
    cdp,
    async scriptBytes() {
      const bodies = await Promise.all(scripts.map((response) => response.body()))
      const inside = await page.evaluate(() => [...document.scripts].map(({ text }) => text.length))
      return [...bodies.map((body) => gzipSync(body).length), ...inside].reduce((sum, bytes) => sum + bytes, 0)
    },
    vitals: () => page.evaluate(() => ({ ...(globalThis as unknown as { vitals: Vitals }).vitals })),
    forget: () =>
      page.evaluate(
        () =>
          void Object.assign((globalThis as unknown as { vitals: Vitals }).vitals, { cls: 0, inp: 0, longestTask: 0 }),
      ),
    async heapBytes() {
      await cdp.send('HeapProfiler.collectGarbage')
      return (await cdp.send('Runtime.getHeapUsage')).usedSize
    },
  }
}

/** Runs in the page, before all of its own. */
function observe(): void {
  const vitals = { lcp: 0, cls: 0, inp: 0, longestTask: 0 }
  Object.assign(globalThis, { vitals })
  const watch = (
    type: string,
    see: (entry: PerformanceEntry & { value: number; hadRecentInput: boolean; interactionId: number }) => void,
  ) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) see(entry as Parameters<typeof see>[0])
    }).observe({ type, buffered: true, ...(type === 'event' && { durationThreshold: 16 }) } as PerformanceObserverInit)
  watch('largest-contentful-paint', ({ startTime }) => {
    vitals.lcp = startTime
  })
  const run = { sum: 0, first: 0, last: 0 }
  watch('layout-shift', ({ value, hadRecentInput, startTime }) => {
    if (hadRecentInput) return
    if (startTime - run.last > 1_000 || startTime - run.first > 5_000) Object.assign(run, { sum: 0, first: startTime })
    run.sum += value
    run.last = startTime
    vitals.cls = Math.max(vitals.cls, run.sum)
  })
  watch('event', ({ interactionId, duration }) => {
    if (interactionId > 0) vitals.inp = Math.max(vitals.inp, duration)
  })
  watch('longtask', ({ duration }) => {
    vitals.longestTask = Math.max(vitals.longestTask, duration)
  })
}

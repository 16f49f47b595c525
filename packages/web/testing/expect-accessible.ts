import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What is on the screen now can be read by everybody, and nothing has to be scrolled sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe)
  // Again where there are faults: something may have begun to fade meanwhile.
  await expect.poll(() => faultsOn(page), { timeout: 10_000 }).toEqual([])
}

async function faultsOn(page: Page): Promise<string[]> {
  // What is half faded in has too little contrast, and rightly so.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    const { scrollWidth, clientWidth } = document.documentElement
    return [
      ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      ...(scrollWidth > clientWidth ? [`${scrollWidth} pixels on a screen of ${clientWidth}`] : []),
    ]
  })
}

import type { Page } from 'playwright-core'

/** What the page's script and policy complain of, as it comes. */
export function faultsOf(page: Page): string[] {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  // What the server refuses is told by the page; that the browser notes it too is no fault of the page.
  const isRefusal = (text: string) => text.startsWith('Failed to load resource: the server responded')
  page.on(
    'console',
    (message) => message.type() === 'error' && !isRefusal(message.text()) && faults.push(message.text()),
  )
  return faults
}

/**
 * Runs in a page: what is written in the uppermost dialog, or else on the screen, and cannot be read to its end, or reaches
 * out of the screen. Fields are scrolled by whoever writes in them, and a few rows are made to be.
 */
export function textsCutOff(): string[] {
  const root = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body
  const cut: string[] = []
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element
    if (clientWidth <= 1 || !element.checkVisibility() || element.closest('svg, input, select, .overflow-x-auto'))
      continue
    const { overflowX, overflowY } = getComputedStyle(element)
    const { left, right } = element.getBoundingClientRect()
    const isNarrow = overflowX !== 'visible' && scrollWidth > clientWidth + 1
    const isLow = ['hidden', 'clip'].includes(overflowY) && scrollHeight > clientHeight + 2
    const text = (element.textContent ?? '').trim().slice(0, 40)
    if (isNarrow || (isLow && text !== '')) cut.push(`cut off: ${element.tagName} ${element.className} ${text}`)
    if (left < -1 || right > innerWidth + 1)
      cut.push(`beyond the screen: ${element.tagName} ${element.className} ${text}`)
  }
  return cut
}

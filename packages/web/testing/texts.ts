/**
 * Runs in a page that speaks the pseudo-language: what can be read there and does not come from the table, and what has no
 * room. Names, numbers and dates are nobody's language.
 */
export function textsThatAreForeign(): string[] {
  const data =
    /^(\d+\.png|123|456|anna|admin|ImageHost|[a-z]+_[\w-]+|PNG|GIF|JPEG|SHA-256|image\/\w+|Chrome.*|Mozilla.*|https?:.*|#\w+|A|English.*)$/
  const dateOrNumber =
    /^[\d.,:×/\s·–—%+-]*((Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*|AM|PM|[KMGT]?B|s|min|h|in|now|days?|hours?|minutes?|ago|yesterday|tomorrow|second|[\d.,:×/\s·–—%+-])*$/
  const isForeign = (text: string) =>
    /\p{L}/u.test(text) && !text.includes('⟦') && !data.test(text) && !dateOrNumber.test(text)
  const seen = new Set<string>()
  const read = (text: string | null | undefined, where: string) => {
    for (const part of (text ?? '').split('⟧').map((one) => one.replace(/^[\s,·:]+/, '')))
      if (isForeign(part.trim())) seen.add(`${where}: ${part.trim()}`)
  }
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    if (element.closest('svg, script, noscript, code, kbd, [hidden]') || !element.checkVisibility()) continue
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) read(element.getAttribute(name), name)
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) read(node.textContent, 'text')
    const { left, right, width } = element.getBoundingClientRect()
    const isClipped = element.closest('[class*=truncate], [class*=overflow-], [class*=sr-only]') !== null
    if (width > 0 && (right > innerWidth + 1 || left < -1) && !isClipped)
      seen.add(
        `no room: ${element.tagName} ${element.className.toString().slice(0, 40)} ${(element.textContent ?? '').slice(0, 30)}`,
      )
  }
  return [...seen]
}

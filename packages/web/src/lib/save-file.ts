/** As if somebody had pressed a link to it: the browser puts it where downloads go, and the page stays. */
export function saveFile(href: string, name = ''): void {
  const link = document.createElement('a')
  link.href = href
  link.download = name
  link.click()
}

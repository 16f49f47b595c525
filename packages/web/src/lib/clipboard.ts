/** Whether the browser took it: it refuses where nobody has just pressed something. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/**
 * A place in the clipboard, taken while somebody presses or drops something; the text may come later, when browsers would
 * not let us write any more.
 */
export function promiseText(text: Promise<string>): Promise<boolean> {
  try {
    const blob = text.then((value) => new Blob([value], { type: 'text/plain' }))
    return navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]).then(
      () => true,
      () => false,
    )
  } catch {
    return Promise.resolve(false)
  }
}

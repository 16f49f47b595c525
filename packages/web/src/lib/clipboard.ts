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
  const blob = text.then((value) => new Blob([value], { type: 'text/plain' }))
  // Told by whoever makes the text. A browser that has refused the place already does not look at it any more.
  blob.catch(() => {})
  try {
    return navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]).then(
      () => true,
      () => false,
    )
  } catch {
    return Promise.resolve(false)
  }
}

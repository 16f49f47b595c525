import type { Page } from 'playwright-core'

export interface DroppedFile {
  name: string
  type: string
  bytes: Buffer
}

/** What the system does when somebody drags files over the window; `drop` unless told otherwise. */
export async function dropFiles(page: Page, files: readonly DroppedFile[], event: 'drop' | 'dragenter' = 'drop') {
  const sent = files.map(({ bytes, ...file }) => ({ ...file, base64: bytes.toString('base64') }))
  await page.evaluate(
    ([list, type]) => {
      const data = new DataTransfer()
      for (const { name, type, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        data.items.add(new File([bytes], name, { type }))
      }
      dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
    },
    [sent, event] as const,
  )
}

import { useEffect, useState } from 'react'
import { filesOf } from '../../lib/pick-files.ts'
import { enqueue } from '../../lib/upload-queue.ts'

/** Whether something is being dragged over the window that may be dropped. */
export function useDropAndPaste(): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const { signal, abort } = bound()
    addEventListener('dragenter', over, { signal })
    addEventListener('dragover', over, { signal })
    addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), { signal })
    addEventListener('drop', drop, { signal })
    addEventListener('paste', paste, { signal })
    return abort

    function over(event: DragEvent): void {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    function drop(event: DragEvent): void {
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      setOver(false)
      const { items, files } = event.dataTransfer
      const hasFolder = [...items].some((item) => item.webkitGetAsEntry()?.isDirectory)
      // At once where that is possible: only while the event is handled may the link be copied.
      if (hasFolder) void filesOf(event.dataTransfer).then(enqueue)
      else enqueue([...files])
    }
  }, [])
  return isOver
}

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/** A picture, or the address of one; text that is pasted into a field belongs there. */
function paste(event: ClipboardEvent): void {
  const files = [...(event.clipboardData?.files ?? [])]
  const text = event.clipboardData?.getData('text/plain').trim() ?? ''
  const isAddress = /^https?:\/\/\S+$/.test(text) && !(event.target as Element).closest?.('input, textarea')
  if (files.length === 0 && !isAddress) return
  event.preventDefault()
  enqueue(files.length > 0 ? files : [text])
}

function bound() {
  const ended = new AbortController()
  return { signal: ended.signal, abort: () => ended.abort() }
}

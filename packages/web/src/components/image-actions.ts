import type { Image } from '@imagehost/client'
import { client } from '../lib/client.ts'
import { copyText } from '../lib/clipboard.ts'
import { formatNumber } from '../lib/format.ts'
import { type Linked, type LinkFormat, linkFormat, printLink } from '../lib/link-format.ts'
import { saveFile } from '../lib/save-file.ts'
import { hideImages, queries, refreshImages } from '../lib/session.ts'
import { say } from '../lib/words.ts'
import { addressesOf, maxByHand } from './downloads.ts'
import type { Selection } from './grid/selection.ts'
import { toast } from './toasts.tsx'

/** As many as one call takes. */
const batch = 200

/** Says that they are copied only if they are. */
export async function copyLinks(images: readonly Linked[], format: LinkFormat = linkFormat.get()): Promise<void> {
  const isCopied = await copyText(images.map((image) => printLink(image, format)).join('\n'))
  if (!isCopied) return toast(say('copy.failed'))
  toast(images.length === 1 ? say('toast.copied') : say('toast.copiedMany', { count: formatNumber(images.length) }))
}

/** Into the trash, from where they come back by one press. */
export async function trash(ids: readonly string[]): Promise<void> {
  hideImages(new Set(ids))
  const { done, fault } = await change(ids, { action: 'trash' })
  if (done.length > 0) {
    const undo = () => void change(done, { action: 'restore' })
    toast(say('toast.trashed', { count: formatNumber(done.length) }), { label: say('toast.undo'), run: undo })
  }
  if (fault) toast(fault)
}

export async function setVisibility(ids: readonly string[], visibility: Image['visibility']): Promise<void> {
  const { done, fault } = await change(ids, { action: 'visibility', visibility })
  const word = say(`viewer.${visibility}`)
  toast(fault ?? say('toast.visibility', { count: formatNumber(done.length), visibility: word }))
}

type Change = Omit<Parameters<typeof client.collection.bulk>[0]['body'], 'ids'>

/** Each on its own: which of them it was done to, and what was said against the first other one. */
async function change(ids: readonly string[], body: Change): Promise<{ done: string[]; fault?: string }> {
  const done: string[] = []
  let fault: string | undefined
  try {
    for (let at = 0; at < ids.length; at += batch) {
      const { items } = await client.collection.bulk({ body: { ...body, ids: ids.slice(at, at + batch) } })
      for (const { id, status, error } of items) {
        if (status === 'done') done.push(id)
        else fault ??= error?.message
      }
    }
  } catch (error) {
    fault = (error as Error).message
  }
  for (const id of done) void queries.invalidateQueries({ queryKey: ['image', id] })
  refreshImages()
  return { done, ...(fault !== undefined && { fault }) }
}

/** Into the folder of the browser. */
export function download(chosen: Selection): void {
  const addresses = addressesOf(chosen)
  if (!addresses) toast(say('select.tooMany', { count: formatNumber(maxByHand) }))
  for (const address of addresses ?? []) saveFile(address)
}

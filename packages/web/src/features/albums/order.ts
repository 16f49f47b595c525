import type { Image } from '@imagehost/client'
import { useEffect, useRef, useState } from 'react'
import { useAttempt } from '../../lib/attempt.ts'
import { client } from '../../lib/client.ts'

type Change = NonNullable<Parameters<typeof client.albums.change>[0]['body']>

/**
 * The order of an album as it is on the screen, ahead of what the server knows. Changes are told one after another, since each
 * names a neighbour of the one before; of several moves of one picture only the last counts, however long a key is held.
 */
export function useOrder(album: string, items: readonly Image[]) {
  const [order, setOrder] = useState(items)
  const { attempt, fault } = useAttempt()
  const queue = useRef<Change[]>([])
  const isTelling = useRef(false)
  // Further pages come while one arranges.
  useEffect(() => {
    setOrder((before) => {
      const known = new Set(before.map(({ id }) => id))
      return [...before, ...items.filter(({ id }) => !known.has(id))]
    })
  }, [items])

  async function tell(change: Change): Promise<void> {
    const waiting = queue.current.at(-1)
    if (waiting?.move && waiting.move.id === change.move?.id) queue.current.pop()
    queue.current.push(change)
    if (isTelling.current) return
    isTelling.current = true
    await attempt(async () => {
      for (let next = queue.current.shift(); next; next = queue.current.shift())
        await client.albums.change({ params: { album }, body: next })
    })
    isTelling.current = false
  }

  function move(id: string, index: number): void {
    const one = order.find((image) => image.id === id)
    const others = order.filter((image) => image.id !== id)
    if (!one || order[index]?.id === id) return
    setOrder([...others.slice(0, index), one, ...others.slice(index)])
    void tell({ move: { id, after: others[index - 1]?.id ?? null } })
  }

  function remove(id: string): void {
    setOrder(order.filter((image) => image.id !== id))
    void tell({ remove: [id] })
  }

  return { order, move, remove, fault }
}

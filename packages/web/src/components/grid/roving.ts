/** The grid is one stop for the tab key; arrows go to what lies in their direction on the screen. */
export function moveByArrow(event: KeyboardEvent): void {
  const direction = directions[event.key]
  const from = (event.target as HTMLElement).closest<HTMLElement>('[data-tile]')
  if (!direction || !from) return
  event.preventDefault()
  const here = middleOf(from)
  let best: { tile: HTMLElement; cost: number } | undefined
  for (const tile of document.querySelectorAll<HTMLElement>('[data-tile]')) {
    const there = middleOf(tile)
    const along = (there.x - here.x) * direction.x + (there.y - here.y) * direction.y
    if (along <= 4) continue
    const across = Math.abs((there.x - here.x) * direction.y) + Math.abs((there.y - here.y) * direction.x)
    // Sideways the row counts most, up and down the nearest row.
    const cost = along + across * (direction.y === 0 ? 20 : 0.5)
    if (!best || cost < best.cost) best = { tile, cost }
  }
  best?.tile.focus()
  best?.tile.scrollIntoView({ block: 'nearest' })
}

const directions: Readonly<Record<string, { x: number; y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

function middleOf(element: HTMLElement): { x: number; y: number } {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

import { type KeyboardEvent, type ReactNode, type ToggleEvent, useEffect, useId, useRef, useState } from 'react'
import { MoreIcon } from './icons.tsx'

export interface MenuItem {
  label: string
  onChoose: () => unknown
  isDangerous?: boolean
}

interface MenuProps {
  label: string
  items: readonly MenuItem[]
  /** What the button shows and how; three dots unless given. */
  face?: ReactNode
  className?: string
}

/** What may be done with one of several things: a button, and behind it the list. */
export function Menu({ label, items, face = <MoreIcon />, className = 'quiet shrink-0 px-2' }: MenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [isOpen, setOpen] = useState(false)
  // It hangs in its place on the screen while the page moves beneath.
  useEffect(() => {
    if (!isOpen) return
    const close = () => list.current?.hidePopover()
    addEventListener('scroll', close, { capture: true, once: true })
    return () => removeEventListener('scroll', close, { capture: true })
  }, [isOpen])
  function place({ newState }: ToggleEvent<HTMLDivElement>): void {
    setOpen(newState === 'open')
    if (newState !== 'open' || !list.current || !button.current) return
    const { right, top, bottom } = button.current.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height, style } = list.current
    style.left = `${Math.max(8, right - width)}px`
    style.top = `${bottom + height + 8 > innerHeight ? Math.max(8, top - height - 4) : bottom + 4}px`
    list.current.querySelector<HTMLElement>('[role=menuitem]')?.focus()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        title={label}
      >
        {face}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        onToggle={place}
        onKeyDown={moveAlong}
        className="fixed m-0 max-w-[calc(100vw-16px)] min-w-40 rounded-menu border border-line bg-raised p-1 text-text shadow-xl"
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={`flex min-h-9 w-full items-center rounded-control px-3 text-left hover:bg-sunken pointer-coarse:min-h-11 ${item.isDangerous ? 'text-danger' : ''}`}
            onClick={() => {
              list.current?.hidePopover()
              void item.onChoose()
            }}
          >
            {item.label}
          </button>
        ))}
      </div>
    </>
  )
}

function moveAlong(event: KeyboardEvent<HTMLDivElement>): void {
  // Keys of what lies beneath mean something else.
  event.stopPropagation()
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
  if (to !== undefined) {
    event.preventDefault()
    items.at(to % items.length)?.focus()
  }
  if (event.key === 'Tab') event.currentTarget.hidePopover()
}

import { useEffect, useRef } from 'react'
import { modals } from './modals.ts'
import { createStore } from './store.ts'
import type { Word } from './words.ts'

interface Key {
  /** As they are pressed: `Mod` is Ctrl, on a Mac ⌘; two after each other stand apart. */
  presses: readonly string[]
  word: Word
  /** Works in whatever dialog is open. */
  isEverywhere?: true
  /** Only told of: the browser, or what has the focus, does it. */
  isNative?: true
}

/** Every key of the page, in the order in which they are listed: what binds them and what tells of them are one table. */
export const keys = {
  help: { presses: ['?'], word: 'keys.help', isEverywhere: true },
  search: { presses: ['/'], word: 'nav.search' },
  upload: { presses: ['u'], word: 'nav.upload' },
  paste: { presses: ['Mod+v'], word: 'keys.paste', isNative: true },
  move: { presses: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], word: 'keys.move', isNative: true },
  open: { presses: ['Enter'], word: 'keys.open', isNative: true },
  select: { presses: ['x'], word: 'keys.select' },
  extend: { presses: ['Shift+ArrowRight', 'Shift+ArrowDown'], word: 'keys.extend', isNative: true },
  selectAll: { presses: ['Mod+a'], word: 'keys.all' },
  back: { presses: ['Escape'], word: 'keys.back' },
  copy: { presses: ['c'], word: 'viewer.copy' },
  copyFormat: { presses: ['Shift+c'], word: 'keys.copyFormat' },
  share: { presses: ['s'], word: 'keys.share' },
  info: { presses: ['i'], word: 'viewer.info' },
  title: { presses: ['e'], word: 'keys.title' },
  tags: { presses: ['t'], word: 'viewer.tags' },
  album: { presses: ['a'], word: 'albums.choose' },
  remove: { presses: ['Delete', 'Backspace'], word: 'viewer.delete' },
  undo: { presses: ['z'], word: 'toast.undo', isEverywhere: true },
  fullScreen: { presses: ['f'], word: 'keys.fullScreen' },
  zoomIn: { presses: ['+', '='], word: 'keys.zoomIn' },
  zoomOut: { presses: ['-'], word: 'keys.zoomOut' },
  zoomFit: { presses: ['0'], word: 'keys.zoomFit' },
  next: { presses: ['ArrowRight'], word: 'viewer.next' },
  previous: { presses: ['ArrowLeft'], word: 'viewer.previous' },
  goPhotos: { presses: ['g p'], word: 'nav.photos' },
  goAlbums: { presses: ['g a'], word: 'nav.albums' },
  goShared: { presses: ['g s'], word: 'nav.shared' },
  goTrash: { presses: ['g t'], word: 'nav.trash' },
} as const satisfies Record<string, Key>

type KeyName = keyof typeof keys
type Handlers = Partial<Record<KeyName, () => unknown>>

interface Layer {
  /** The dialog in which it is at home; undefined: the page. */
  home: HTMLDialogElement | undefined
  handlers: () => Handlers
}

const layers: Layer[] = []
/** The first of two keys, for as long as the second may come. */
let first: string | undefined
const secondMs = 1_500

/** Binds keys while the component is there, on the page or in the dialog that is open as it comes; the last one who binds a key gets it. */
export function useKeys(handlers: Handlers): void {
  const current = useRef(handlers)
  current.current = handlers
  useEffect(() => {
    const layer: Layer = { home: modals.get().at(-1), handlers: () => current.current }
    if (layers.length === 0) addEventListener('keydown', hear)
    layers.push(layer)
    return () => {
      layers.splice(layers.indexOf(layer), 1)
      if (layers.length === 0) removeEventListener('keydown', hear)
    }
  }, [])
}

/** Whether the list of all keys is shown. */
export const isListing = createStore(false)

/** Keys without Ctrl or the like disturb those who speak to their computer; they may be turned off. Of this browser alone. */
export const singleKeys = createStore(localStorage.getItem('single-keys') !== 'off')

export function setSingleKeys(isOn: boolean): void {
  localStorage.setItem('single-keys', isOn ? 'on' : 'off')
  singleKeys.set(() => isOn)
}

function hear(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing || isTyping(event)) return
  const press = pressOf(event)
  const isCharacter = event.key.length === 1 && !press.startsWith('Mod+')
  if (isCharacter && !singleKeys.get()) return
  const both = first && `${first} ${press}`
  first = undefined
  const handler = (both && handlerFor(both)) || handlerFor(press)
  if (handler) {
    event.preventDefault()
    handler()
  } else if (press === 'g') {
    first = press
    setTimeout(() => {
      first = undefined
    }, secondMs)
  }
}

function handlerFor(press: string): (() => unknown) | undefined {
  const top = modals.get().at(-1)
  for (const { home, handlers } of layers.toReversed()) {
    for (const [name, handler] of Object.entries(handlers())) {
      const key: Key = keys[name as KeyName]
      if (key.presses.includes(press) && (home === top || key.isEverywhere)) return handler
    }
  }
  return undefined
}

function pressOf({ key, metaKey, ctrlKey, shiftKey }: KeyboardEvent): string {
  const isLetter = /^\p{L}$/u.test(key)
  const name = isLetter ? key.toLowerCase() : key
  // Of other characters Shift is a part: nobody can type ? without it.
  return `${metaKey || ctrlKey ? 'Mod+' : ''}${shiftKey && (isLetter || key.length > 1) ? 'Shift+' : ''}${name}`
}

/** Who writes does not command. */
function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.matches('textarea, select')) return true
  return target instanceof HTMLInputElement && !['checkbox', 'button'].includes(target.type)
}

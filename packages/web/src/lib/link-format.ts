import { createStore } from './store.ts'

/** What a link is wrapped in where it is pasted. */
export const linkFormats = ['url', 'markdown', 'html', 'bbcode'] as const
export type LinkFormat = (typeof linkFormats)[number]

export interface Linked {
  id: string
  /** Title or file name. */
  name: string
  /** Absolute, if it is known. */
  url?: string
}

const stored = localStorage.getItem('link-format') as LinkFormat | null

/** As it was chosen last, in this browser. */
export const linkFormat = createStore<LinkFormat>(stored && linkFormats.includes(stored) ? stored : 'url')

export function chooseFormat(format: LinkFormat): void {
  localStorage.setItem('link-format', format)
  linkFormat.set(() => format)
}

export function printLink({ id, name, url = `${location.origin}/i/${id}` }: Linked, format: LinkFormat): string {
  switch (format) {
    case 'url':
      return url
    case 'markdown':
      return `![${name.replace(/[\\[\]]/g, '\\$&')}](${url})`
    case 'html':
      return `<img src="${escapeHtml(url)}" alt="${escapeHtml(name)}">`
    case 'bbcode':
      return `[img]${url}[/img]`
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]!)

import { english, speak, type Words } from './words.ts'

interface Language {
  load: () => Promise<Words>
  /** Nobody is offered it who does not speak it already. */
  isForTests?: true
}

/** Besides English: a table like `words.ts`, and one line here that loads it. With it there is a choice in the settings. */
const languages: Readonly<Record<string, Language>> = {
  // The alphabet of nobody, by which tests see what does not come from the table, and what has no room for longer words.
  'en-XA': { load: async () => (await import('./pseudo.ts')).pseudo(english), isForTests: true },
}

/** What this browser was told last, else what it prefers; English where there is no table for it. */
export async function speakPreferred(): Promise<void> {
  const wanted = [localStorage.getItem('language') ?? [], navigator.languages].flat()
  for (const language of wanted) {
    if (language.startsWith('en') && !(language in languages)) return
    const name = [language, language.split('-')[0]!].find((one) => one in languages)
    if (name !== undefined) return speak(await languages[name]!.load(), name)
  }
}

/** As the account says it, or not any more; it is spoken from the next visit on. */
export function preferLanguage(language: string | undefined): void {
  if (language === undefined) localStorage.removeItem('language')
  else localStorage.setItem('language', language)
}

/** What may be chosen, each by its own name. */
export function offeredLanguages(): { code: string; name: string }[] {
  const others = Object.entries(languages).filter(([code, { isForTests }]) => !isForTests || code === spoken())
  return ['en', ...others.map(([code]) => code)].map((code) => ({ code, name: nameOf(code) }))
}

const spoken = (): string => document.documentElement.lang

const nameOf = (code: string): string => new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code

import { english, speak, type Words } from './words.ts'

/** Besides English: a table like `words.ts`, and one line here that loads it. */
const languages: Readonly<Record<string, () => Promise<Words>>> = {
  // The alphabet of nobody, by which tests see what does not come from the table, and what has no room for longer words.
  'en-XA': async () => (await import('./pseudo.ts')).pseudo(english),
}

/** What this browser was told last, else what it prefers; English where there is no table for it. */
export async function speakPreferred(): Promise<void> {
  const wanted = [localStorage.getItem('language') ?? [], navigator.languages].flat()
  for (const language of wanted) {
    if (language.startsWith('en') && !(language in languages)) return
    const name = [language, language.split('-')[0]!].find((one) => one in languages)
    if (name !== undefined) return speak(await languages[name]!(), name)
  }
}

/** As the account says it; it is spoken from the next visit on. */
export function preferLanguage(language: string | undefined): void {
  if (language !== undefined) localStorage.setItem('language', language)
}

/** All spellings of a name with this many letters are 256 look-ups: measured 2 ms against Redis, where the hash that follows takes 25. */
const maxLetters = 8

/**
 * How an account of the Flask project could have spelled this name, which is in lower case here. There is no index of their
 * names without case, so the spellings of short names are tried one and all, and of long ones those that people write.
 */
export function spellingsOf(name: string): Set<string> {
  const letters = name.replace(/[^a-z]/g, '').length
  if (letters > maxLetters) return new Set([name, capitalised(name), name.replace(/[a-z]+/g, capitalised), upper(name)])
  let spellings = ['']
  for (const character of name) {
    const both = new Set([character, upper(character)])
    spellings = spellings.flatMap((start) => [...both].map((either) => start + either))
  }
  return new Set(spellings)
}

const upper = (text: string): string => text.toUpperCase()

const capitalised = (text: string): string => upper(text.charAt(0)) + text.slice(1)

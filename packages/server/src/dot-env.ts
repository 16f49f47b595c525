/**
 * The variables of a `.env`, read as python-dotenv reads it, since the Flask project's files were written for that. Node's own
 * reader ends an unquoted value at any `#`: a secret with one in it would be another secret here, and every key made with it
 * worth nothing. A line that is no assignment is passed over, as it is there.
 */
export function parseDotEnv(text: string, environment: Readonly<Record<string, string | undefined>> = {}) {
  const values: Record<string, string> = {}
  for (const match of text.replace(/^\ufeff/, '').matchAll(line)) {
    const { quotedName, name = quotedName, single, double, plain = '' } = match.groups!
    if (name === undefined) continue
    const quoted = single?.replace(/\\([\\'])/g, '$1') ?? unescaped(double)
    values[name] = expanded(quoted ?? plain.replace(/\s+#.*/, '').trimEnd(), { ...values, ...environment })
  }
  return values
}

/** Of a quoted value: only a comment may follow. */
const end = String.raw`[^\S\r\n]*(?:#[^\r\n]*)?(?:[\r\n]|$)`

/** One assignment, which a quoted value may carry over several lines, or one line of anything else. */
const line = new RegExp(
  [
    String.raw`\s*(?:export[^\S\r\n]+)?(?:'(?<quotedName>[^']+)'|(?!'|export[^\S\r\n])(?<name>[^=#\s]+))`,
    String.raw`[^\S\r\n]*=[^\S\r\n]*`,
    String.raw`(?:'(?<single>(?:\\.|[^'\\])*)'(?=${end})|"(?<double>(?:\\.|[^"\\])*)"(?=${end})`,
    // Behind a blank, a value that begins with # is a comment.
    String.raw`|(?![^\S\r\n]*['"])(?:(?<=[^\S\r\n])#[^\r\n]*|(?<plain>[^\r\n]*)))`,
    String.raw`|[^\r\n]+`,
  ].join(''),
  'gs',
)

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

const unescaped = (text: string | undefined): string | undefined =>
  text?.replace(/\\([\\'"abfnrtv])/g, (_, character: string) => escapes[character] ?? character)

/** `${NAME}` and `${NAME:-otherwise}`; what is not set is nothing. */
const expanded = (value: string, known: Readonly<Record<string, string | undefined>>): string =>
  value.replace(/\$\{([^}:]*)(?::-([^}]*))?\}/g, (_, name: string, otherwise = '') => known[name] ?? otherwise)

import type { DeliveryQuery, SignBody } from '@imagehost/contract/delivery'
import { presets, presetTransform } from '@imagehost/contract/presets'
import { type VerbName, verbs } from '@imagehost/contract/transform-verbs'
import { invalid, parseTransform, type Transform } from '@imagehost/contract/transforms'
import type { AskedVariant } from '../services/transforms.ts'

const verbNames = Object.keys(verbs) as VerbName[]
/** Each of these asks for a variant. */
const asking: ReadonlySet<string> = new Set([...verbNames, 'preset', 'sig', 'exp', 'share'])

/** Queries remembered, as pages repeat a few for all of their pictures; longer ones are nobody's but an attacker's. */
const maxKnown = 1_000
const maxKnownLength = 300

/** Reads queries, and knows those that come again: the same object for the same query. */
export function createAskedVariants() {
  const known = new Map<string, AskedVariant>()
  return (query: DeliveryQuery, url: string): AskedVariant | undefined => {
    const start = url.indexOf('?')
    if (start < 0) return undefined
    const text = url.slice(start)
    const seen = known.get(text)
    if (seen) return seen
    const asked = askedVariant(query)
    if (asked && text.length <= maxKnownLength) {
      if (known.size >= maxKnown) known.clear()
      known.set(text, asked)
    }
    return asked
  }
}

/**
 * What an address asks for besides the image itself; undefined for that, whatever else a newsletter or network hung on to its address.
 * Throws `validation` that names the parameter: beside a transform a mistyped name would silently be another picture.
 */
function askedVariant(query: DeliveryQuery): AskedVariant | undefined {
  let isAsked = false
  for (const name in query) isAsked ||= asking.has(name)
  if (!isAsked) return undefined
  for (const name in query)
    if (!asking.has(name) && name !== 'download') throw invalid(`query.${name}`, 'is not known beside a transform')
  const { preset, sig, exp = 0, share } = query
  return {
    transform: transformOf(query, 'query'),
    isPreset: preset !== undefined,
    ...(sig !== undefined && { signature: { sig, exp } }),
    ...(share !== undefined && { share: { slug: share, isDownload: query.download !== undefined } }),
  }
}

/** Verbs, or a preset and perhaps its format. Throws `validation` that names the field. */
export function transformOf(input: DeliveryQuery | SignBody, part: 'query' | 'body'): Transform {
  const { preset, format } = input
  if (preset === undefined) return parseTransform(input, part)
  const second = verbNames.find((name) => name !== 'format' && input[name] !== undefined)
  if (second) throw invalid(`${part}.${second}`, 'has no place beside a preset')
  const transform = presetTransform(preset, format === undefined ? undefined : String(format))
  if (!transform) throw invalid(`${part}.format`, `is not one of ${preset}: ${presets[preset].formats.join(', ')}`)
  return transform
}

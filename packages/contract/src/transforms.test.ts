import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from './errors.ts'
import { presetNames, presets, presetTransform } from './presets.ts'
import { maxSide, type VerbName, verbs } from './transform-verbs.ts'
import { inFormat, parseTransform, printTransform } from './transforms.ts'

const parse = (query: string) => parseTransform(Object.fromEntries(new URLSearchParams(query)))

/** What an address may say, verb by verb, in any of its spellings. */
const pixels = fc.integer({ min: 1, max: 1600 }).map(String)
const decimal = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((n) => String(n / 100))
const said = {
  w: pixels,
  h: pixels,
  fit: fc.constantFrom('inside', 'outside', 'cover', 'contain', 'fill'),
  crop: fc.tuple(pixels, pixels, pixels, pixels).map((numbers) => numbers.join(',')),
  gravity: fc.constantFrom('center', 'north', 'southwest', 'entropy', 'attention'),
  q: fc.integer({ min: 1, max: 100 }).map(String),
  dpr: decimal(1, 5),
  blur: decimal(0.3, 100),
  sharpen: decimal(0.3, 10),
  rotate: fc.constantFrom('0', '90', '180', '270'),
  flip: fc.constantFrom('h', 'v', 'hv'),
  bg: fc.stringMatching(/^([0-9A-Fa-f]{3}){1,2}$/),
  trim: fc.integer({ min: 1, max: 255 }).map(String),
  format: fc.constantFrom('auto', 'jpeg', 'png', 'webp', 'avif', 'gif'),
  enlarge: fc.constantFrom('0', '1', 'true', 'false'),
  gamut: fc.constantFrom('srgb', 'keep'),
} as const satisfies Record<VerbName, fc.Arbitrary<string>>
const query = fc.record(said, { requiredKeys: [] }) as fc.Arbitrary<Partial<Record<VerbName, string>>>

const code = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, field: error.details?.field }
    throw error
  }
  return undefined
}

describe('a transform', () => {
  test('is what it was when it is printed and parsed again', () => {
    fc.assert(
      fc.property(query, (asked) => {
        const transform = parseTransform(asked)
        expect(parse(printTransform(transform))).toEqual(transform)
        expect(printTransform(parse(printTransform(transform)))).toBe(printTransform(transform))
      }),
    )
  })

  test('is the same in whatever order it is said', () => {
    fc.assert(
      fc.property(query, fc.infiniteStream(fc.nat()), (asked, ranks) => {
        const shuffled = Object.entries(asked)
          .map((entry) => ({ entry, rank: ranks.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
        expect(printTransform(parseTransform(Object.fromEntries(shuffled.map(({ entry }) => entry))))).toBe(
          printTransform(parseTransform(asked)),
        )
      }),
    )
  })

  test('is the same in numbers of a body as in texts of an address', () => {
    expect(parseTransform({ w: 200, dpr: 1.5, rotate: 90, enlarge: true }, 'body')).toEqual(
      parse('w=200&dpr=1.5&rotate=90&enlarge=1'),
    )
  })

  test.each([
    ['dpr=2&w=100', 'w=200'],
    ['w=100&dpr=1', 'w=100'],
    ['w=33&dpr=1.5', 'w=50'],
    ['dpr=3', ''],
    ['w=100&fit=cover', 'w=100'],
    ['w=100&h=50&fit=inside', 'h=50&w=100'],
    ['w=100&h=50&gravity=north', 'w=100&h=50'],
    ['w=100&h=50&fit=cover&gravity=center', 'w=100&h=50&fit=cover'],
    ['w=100&h=50&fit=contain&gravity=attention', 'w=100&h=50&fit=contain'],
    ['w=100&h=50&fit=fill&gravity=north', 'w=100&h=50&fit=fill'],
    ['flip=v', 'rotate=180&flip=h'],
    ['flip=hv', 'rotate=180'],
    ['rotate=270&flip=hv', 'rotate=90'],
    ['rotate=180&flip=hv', ''],
    ['rotate=0', ''],
    ['bg=FFF', 'bg=ffffff'],
    ['format=jpeg&bg=fff', 'format=jpeg'],
    ['format=jpeg&q=80', 'format=jpeg'],
    ['format=png&q=50', 'format=png'],
    ['enlarge=1', ''],
    ['w=100&h=50&fit=outside&enlarge=1', 'w=100&h=50&fit=outside'],
    ['enlarge=0&w=9', 'w=9'],
    ['gamut=srgb', ''],
    ['blur=1.50', 'blur=1.5'],
  ])('%s means %s', (one, other) => expect(printTransform(parse(one))).toBe(printTransform(parse(other))))

  test.each([
    ['w=100&h=50&fit=cover', 'w=100&h=50'],
    ['rotate=90', 'rotate=270'],
    ['rotate=90&flip=h', 'rotate=90&flip=v'],
    ['format=auto', ''],
    ['q=80', ''],
    ['w=100&enlarge=1', 'w=100'],
  ])('%s does not mean %s', (one, other) => expect(printTransform(parse(one))).not.toBe(printTransform(parse(other))))

  test('loses with its format what that has no use for', () => {
    expect(printTransform(inFormat(parse('q=50'), 'png'))).toBe('format=png')
    expect(printTransform(inFormat(parse('q=80&format=auto'), 'jpeg'))).toBe('format=jpeg')
    expect(printTransform(inFormat(parse('q=80'), 'webp'))).toBe('q=80&format=webp')
  })
})

/** What no verb takes, as texts: each stands for a way to be careless. */
const hostile = [
  ...['', ' ', '+1', '-1', '-0', '1e3', '0x10', '1.5.5', '.5', '1.', '01', '1 ', ' 1', 'NaN', 'Infinity', '-Infinity'],
  ...[
    '99999999999999999999',
    '1'.repeat(4000),
    '١٢٣',
    '１００',
    '1\u0000',
    '\u0000',
    '100px',
    '50%',
    '1,000',
    'null',
    '{}',
    '[]',
  ],
  ...['__proto__', 'constructor', 'toString', '💩', '%31', "1' or '1", '../../etc/passwd', '<script>'],
]

describe.each(Object.keys(verbs) as VerbName[])('%s', (name) => {
  test('refuses what is careless, by name', () => {
    // Which is a colour.
    for (const value of hostile.filter((text) => name !== 'bg' || text !== '1e3')) {
      expect({ value, ...code(() => parseTransform({ [name]: value })) }).toEqual({
        value,
        code: 'validation',
        field: `query.${name}`,
      })
    }
  })

  test('refuses what is given twice, or is no text at all', () => {
    for (const value of [['1', '2'], {}, null, Number.NaN, Number.POSITIVE_INFINITY, 1e21, -1, Symbol.iterator]) {
      expect(code(() => parseTransform({ [name]: value }, 'body'))).toEqual({
        code: 'validation',
        field: `body.${name}`,
      })
    }
  })

  test('takes any text at all, or refuses it by name, and says the same of what it printed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), said[name]), (value) => {
        const refusal = code(() => {
          const transform = parseTransform({ [name]: value })
          expect(parse(printTransform(transform))).toEqual(transform)
        })
        if (refusal) expect(refusal).toEqual({ code: 'validation', field: `query.${name}` })
      }),
    )
  })
})

test('no side is over the limit, also not by the pixels of a screen', () => {
  expect(parse(`w=${maxSide}`)).toEqual({ w: maxSide })
  expect(code(() => parse(`w=${maxSide + 1}`))).toEqual({ code: 'validation', field: 'query.w' })
  expect(code(() => parse(`h=${maxSide}&dpr=1.01`))).toEqual({ code: 'validation', field: 'query.h' })
})

describe.each(presetNames)('the preset %s', (name) => {
  test('is made in its first format, and in the others by name', () => {
    const { formats } = presets[name]
    expect(presetTransform(name, undefined)).toMatchObject({ format: formats[0] })
    for (const format of formats) expect(presetTransform(name, format)).toMatchObject({ format })
    expect(presetTransform(name, 'gif')).toBeUndefined()
  })
})

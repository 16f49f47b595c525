import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

/** WCAG 2.2 on the tokens themselves: what the eye of somebody with less contrast needs, in both themes. */
const css = readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8')
const grounds = ['bg', 'surface', 'sunken', 'raised'] as const

test.each(['light', 'dark'] as const)('in the %s theme all that is read and used stands out', (theme) => {
  for (const ground of grounds) {
    expect(ratio('text', ground, theme), `text on ${ground}`).toBeGreaterThanOrEqual(13)
    expect(ratio('muted', ground, theme), `muted on ${ground}`).toBeGreaterThanOrEqual(4.9)
    for (const color of ['accent', 'danger', 'ok', 'warn'])
      expect(ratio(color, ground, theme), `${color} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    expect(ratio('edge', ground, theme), `edge on ${ground}`).toBeGreaterThanOrEqual(3)
  }
  expect(ratio('on-accent', 'accent', theme)).toBeGreaterThanOrEqual(4.5)
  expect(ratio('on-accent', 'danger', theme)).toBeGreaterThanOrEqual(4.5)
  expect(ratio('bg', 'text', theme)).toBeGreaterThanOrEqual(13)
})

test('black on white is 21 to 1', () => expect(contrast([1, 0, 0], [0, 0, 0])).toBeCloseTo(21))

type Oklch = readonly [lightness: number, chroma: number, hue: number]

const ratio = (a: string, b: string, theme: 'light' | 'dark') => contrast(token(a, theme), token(b, theme))

function token(name: string, theme: 'light' | 'dark'): Oklch {
  const number = '([\\d.]+)'
  const color = `oklch\\(${number} ${number} ${number}\\)`
  const found = new RegExp(`--${name}: light-dark\\(${color}, ${color}\\)`).exec(css)
  if (!found) throw new Error(`no token ${name}`)
  const [l, c, h] = found.slice(theme === 'light' ? 1 : 4).map(Number)
  return [l!, c!, h!]
}

function contrast(a: Oklch, b: Oklch): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one)
  return (light! + 0.05) / (dark! + 0.05)
}

/** Relative luminance by way of linear sRGB; the matrices are those of CSS Color 4. */
function luminance([lightness, chroma, hue]: Oklch): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
  const within = (value: number) => Math.min(1, Math.max(0, value))
  return 0.2126 * within(red) + 0.7152 * within(green) + 0.0722 * within(blue)
}

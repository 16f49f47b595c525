import { type TSchema, Type } from 'typebox'

/** One thing that may be asked of a picture. */
interface Verb<T> {
  /** As it stands in a JSON body; its description is the doc line. */
  readonly schema: TSchema
  /** The value of a text as it stands in an address, or undefined if it is none: strictly, since each spelling costs a picture. */
  read(text: string): T | undefined
}

/** Longest side of what is made: what a WebP can hold is twice as much, what a screen shows half. */
export const maxSide = 8192
/** Four decimals of a blur change nothing that can be seen, and would make as many variants. */
const decimals = 2

const side = (what: string): Verb<number> => whole(1, maxSide, `${what} in pixels`)

/**
 * The grammar: what may be done to a picture, with its limits. Printed in this order, whatever the order in which it was asked;
 * done in the order of `transformSteps`.
 */
export const verbs = {
  w: side('Width'),
  h: side('Height'),
  fit: choice(
    ['inside', 'outside', 'cover', 'contain', 'fill'],
    'How a picture of other proportions is fitted into `w` and `h`: whole and not over them (default) · whole and not under them · cut off · with margins · distorted',
  ),
  crop: text(
    /^(0|[1-9][0-9]{0,4}),(0|[1-9][0-9]{0,4}),[1-9][0-9]{0,4},[1-9][0-9]{0,4}$/,
    'Left, top, width and height in pixels of what is kept of the turned and trimmed picture, such as `10,20,300,200`',
  ),
  gravity: choice(
    [
      ...(['center', 'north', 'northeast', 'east', 'southeast', 'south', 'southwest', 'west', 'northwest'] as const),
      ...(['entropy', 'attention'] as const),
    ],
    'What `cover` keeps, or where `contain` puts the picture; `entropy` and `attention` look for what matters, in stills',
  ),
  q: whole(1, 100, 'Quality; PNG and GIF have none'),
  dpr: decimal(1, 5, 'Pixels of the screen for each of `w` and `h`'),
  blur: decimal(0.3, 100, 'Sigma of a Gaussian blur, in pixels of the result'),
  sharpen: decimal(0.3, 10, 'Sigma of an unsharp mask, in pixels of the result'),
  rotate: choice([0, 90, 180, 270], 'Degrees, clockwise, after the orientation that the camera noted'),
  flip: choice(['h', 'v', 'hv'], 'Mirrored, after rotating: left and right, top and bottom, or both'),
  bg: color('Colour as `rrggbb` or `rgb` behind what is transparent and in the margins of `contain`; JPEG has white'),
  trim: whole(1, 255, 'Takes edges of one colour away; how much the colour may vary'),
  format: choice(
    ['auto', 'jpeg', 'png', 'webp', 'avif', 'gif'],
    'Otherwise that of the image, or WebP of an animated PNG; `auto` takes AVIF, WebP or that of the image by `Accept`. JPEG, PNG and AVIF show the first frame of an animation',
  ),
  enlarge: flag('A picture that is smaller than `w` and `h` is enlarged, but for `outside`'),
  gamut: choice(['srgb', 'keep'], '`keep`: in its own colour space, such as Display P3, instead of sRGB; of stills'),
} as const satisfies Record<string, Verb<unknown>>

export type VerbName = keyof typeof verbs

type ValueOf<V> = V extends Verb<infer T> ? T : never

/** What is asked, verb by verb. */
export type Asked = { readonly [N in VerbName]?: ValueOf<(typeof verbs)[N]> }

/** No sign, no exponent, no leading zero, no digits of other scripts. */
function whole(minimum: number, maximum: number, description: string): Verb<number> {
  return {
    schema: Type.Integer({ minimum, maximum, description }),
    read: (text) => within(/^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : Number.NaN, minimum, maximum),
  }
}

function decimal(minimum: number, maximum: number, description: string): Verb<number> {
  const pattern = new RegExp(`^(0|[1-9][0-9]{0,2})(\\.[0-9]{1,${decimals}})?$`)
  return {
    schema: Type.Number({ minimum, maximum, description: `${description}; ${decimals} decimals at most` }),
    read: (text) => within(pattern.test(text) ? Number(text) : Number.NaN, minimum, maximum),
  }
}

const within = (value: number, minimum: number, maximum: number): number | undefined =>
  value >= minimum && value <= maximum ? value : undefined

function choice<const T extends string | number>(choices: readonly T[], description: string): Verb<T> {
  return {
    schema: Type.Union(
      choices.map((one) => Type.Literal(one)),
      { description },
    ),
    read: (text) => choices.find((one) => String(one) === text),
  }
}

function flag(description: string): Verb<boolean> {
  return {
    schema: Type.Boolean({ description }),
    read: (text) => (/^(1|true)$/.test(text) ? true : /^(0|false)$/.test(text) ? false : undefined),
  }
}

function text(pattern: RegExp, description: string): Verb<string> {
  return {
    schema: Type.String({ pattern: pattern.source, description }),
    read: (asked) => (pattern.test(asked) ? asked : undefined),
  }
}

/** Six digits of lower case, however it was written. */
function color(description: string): Verb<string> {
  const { schema, read } = text(/^([0-9A-Fa-f]{3}){1,2}$/, description)
  return {
    schema,
    read: (asked) => {
      const digits = read(asked)?.toLowerCase()
      return digits?.length === 3 ? digits.replace(/./g, '$&$&') : digits
    },
  }
}

/** For the laws: enough that a check and its write come apart in any engine that does them in two steps. */
export const parallelCallers = 16

/** That many calls at once, numbered from 0. */
export const atOnce = <T>(call: (number: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: parallelCallers }, (_, number) => call(number)))

/** How many of the answers are `wanted`. */
export const countOf = <T>(answers: readonly T[], wanted: T): number =>
  answers.filter((answer) => answer === wanted).length

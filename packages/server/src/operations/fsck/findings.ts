import type { OperationContext } from '../operation.ts'

/** As many problems are told in words; all are counted. */
const maxTold = 200
/** Milliseconds between two lines of progress. */
const everyMs = 500

export type Findings = ReturnType<typeof createFindings>

/** What was looked at, and what was found. */
export function createFindings({ say, progress, clock }: Pick<OperationContext, 'say' | 'progress' | 'clock'>) {
  const counts = { image: 0, hashed: 0, object: 0, deleted: 0, 'as it was': 0, private: 0 }
  let problems = 0
  let toldAt = 0

  const summary = (): string =>
    [
      `${counts.image.toLocaleString('en')} images`,
      ...(counts.hashed > 0 ? [`${counts.hashed.toLocaleString('en')} of them read and hashed`] : []),
      `${counts.object.toLocaleString('en')} objects`,
      problems === 0 ? 'no problem' : `${problems.toLocaleString('en')} problems`,
      ...(counts.deleted > 0 ? [`${counts.deleted.toLocaleString('en')} objects deleted`] : []),
      ...(counts['as it was'] > 0 ? [`${counts['as it was'].toLocaleString('en')} images made as they were`] : []),
      ...(counts.private > 0 ? [`${counts.private.toLocaleString('en')} images made private`] : []),
    ].join(', ')

  return {
    count(what: keyof typeof counts): void {
      counts[what]++
      if (clock.now() - toldAt < everyMs) return
      toldAt = clock.now()
      progress(summary())
    },
    problem(words: string): void {
      problems++
      if (problems <= maxTold) say(words)
      if (problems === maxTold) say('More are counted, and not told.')
    },
    summary,
    hasProblems: () => problems > 0,
  }
}

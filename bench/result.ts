/** One line of the table. A ratio is ours to the reference, measured in the same run; without a reference ours alone counts. */
export interface Result {
  work: string
  unit: 'requests/s' | 'µs' | 'µs CPU' | 'ms' | 'KB' | 'MB' | 'bytes' | 's' | 'times' | 'nodes' | 'share'
  ours: number
  reference?: { name: string; value: number }
  goal: Goal
}

/** Of the ratio where there is a reference, else of the figure itself. */
type Goal = { atLeast: number } | { atMost: number }

/** One file in `scenarios/`, named as it is asked for on the command line. */
export interface Scenario {
  summary: string
  run(): Promise<Result[]>
}

const ratioOf = ({ ours, reference }: Result): number | undefined => reference && ours / reference.value

function isMet(result: Result): boolean {
  const { goal } = result
  const value = ratioOf(result) ?? result.ours
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost
}

export function printTable(results: readonly Result[]): string {
  const head = ['work', 'unit', 'ours', 'reference', 'ratio', 'goal', 'met']
  const rows = [head, head.map(() => '---'), ...results.map(cells)]
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function cells(result: Result): string[] {
  const { work, unit, ours, reference, goal } = result
  const told = 'atLeast' in goal ? `≥ ${round(goal.atLeast)}` : `≤ ${round(goal.atMost)}`
  return [
    work,
    unit,
    short(ours),
    reference ? `${short(reference.value)} (${reference.name})` : '',
    ratioOf(result)?.toFixed(2) ?? '',
    told,
    isMet(result) ? 'yes' : '**no**',
  ]
}

const round = (value: number): number => Math.round(100 * value) / 100

const short = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2))

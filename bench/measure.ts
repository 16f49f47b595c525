import { cpuMicroseconds } from './process-cost.ts'

export interface Measured {
  perSecond: number
  /** Of the server alone, user and system. */
  cpuMicroseconds: number
}

/** A server under load for so many seconds; answers how many calls it served. */
export interface Contestant {
  pid: number
  load(seconds: number): Promise<number>
}

const rounds = 3
/** Until V8 has compiled what is used: at 100 uploads a second the first ones cost twice as much. */
const warmUpSeconds = 3
/** Long enough that the 10 ms in which CPU is counted are below one percent. */
const roundSeconds = 3

/**
 * Medians of several rounds, in which the contestants take turns: what else this machine does hits all of them alike,
 * so ratios of one run hold where bare figures don't.
 */
export async function measure<N extends string>(contestants: Record<N, Contestant>): Promise<Record<N, Measured>> {
  const all = Object.entries<Contestant>(contestants)
  for (const [, { load }] of all) await load(warmUpSeconds)
  const measured = new Map<string, Measured[]>(all.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, contestant] of all) measured.get(name)!.push(await measureOnce(contestant))
  }
  const medians = all.map(([name]) => [name, medianOf(measured.get(name)!)])
  return Object.fromEntries(medians) as Record<N, Measured>
}

async function measureOnce({ pid, load }: Contestant): Promise<Measured> {
  const before = { cpu: cpuMicroseconds(pid), time: performance.now() }
  const calls = await load(roundSeconds)
  const seconds = (performance.now() - before.time) / 1000
  return { perSecond: calls / seconds, cpuMicroseconds: (cpuMicroseconds(pid) - before.cpu) / calls }
}

const medianOf = (measured: Measured[]): Measured => ({
  perSecond: median(measured.map(({ perSecond }) => perSecond)),
  cpuMicroseconds: median(measured.map((one) => one.cpuMicroseconds)),
})

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

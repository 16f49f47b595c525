import { readdirSync, readFileSync } from 'node:fs'

/** Of user and system time; the same on every Linux that Node runs on (USER_HZ, proc(5)). */
const ticksPerSecond = 100

/** CPU that a process and its children have used so far, in microseconds. */
export function cpuMicroseconds(pid: number): number {
  return treeOf(pid).reduce((sum, member) => sum + cpuTicks(member), 0) * (1_000_000 / ticksPerSecond)
}

/** Most memory that the process ever held, in MB. */
export const peakMegabytes = (pid: number): number => statusKilobytes(pid, 'VmHWM') / 1000

/** What it holds now, in MB. */
export const residentMegabytes = (pid: number): number => statusKilobytes(pid, 'VmRSS') / 1000

/** The process, its children and theirs: nginx works in a child, npm starts the server in one. */
function treeOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(treeOf)]
}

/** Fields 14 and 15 of proc(5), counted behind the name in parentheses, which may hold anything. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  return Number(fields[11]) + Number(fields[12])
}

function statusKilobytes(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1.024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
}

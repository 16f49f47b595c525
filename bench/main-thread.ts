import type { CDPSession } from 'playwright-core'

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds. */
  ts: number
  dur?: number
  /** On the processor itself, in microseconds: what else this machine does is not in it. */
  tdur?: number
  args?: { name?: string }
}

const categories = 'toplevel,devtools.timeline,disabled-by-default-devtools.timeline,__metadata'

/** What the browser does while `work` runs, as its own tracing tells. */
export async function traced(cdp: CDPSession, work: () => Promise<unknown>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: unknown[] }) => events.push(...(value as TraceEvent[]))
  cdp.on('Tracing.dataCollected', collect)
  await cdp.send('Tracing.start', { categories, transferMode: 'ReportEvents' })
  await work()
  const complete = new Promise<void>((resolve) => cdp.once('Tracing.tracingComplete', () => resolve()))
  await cdp.send('Tracing.end')
  await complete
  cdp.off('Tracing.dataCollected', collect)
  return events
}

/** The tasks of the thread on which the page's script runs, the longest first. */
export function mainTasks(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = new Set(
    events.flatMap(({ name, args, pid, tid }) =>
      name === 'thread_name' && args?.name === 'CrRendererMain' ? [`${pid} ${tid}`] : [],
    ),
  )
  return events
    .filter(({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && threads.has(`${pid} ${tid}`))
    .sort((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0))
}

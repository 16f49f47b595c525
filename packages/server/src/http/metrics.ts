import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { NoticeOutcome } from '../services/report-notices.ts'
import type { WorkQueue } from '../services/work-queue.ts'
import { timed } from './timed.ts'

export type Metrics = ReturnType<typeof createMetrics>

interface Step<W> {
  readonly name: string
  readonly run: (picture: W) => Promise<void> | void
}

/** Prometheus metrics of one process. */
export function createMetrics({ work, freeDiskBytes }: { work: WorkQueue; freeDiskBytes: () => Promise<number> }) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const stepTimes = new Histogram({
    name: 'imagehost_step_seconds',
    help: 'Time that the steps of an upload have worked on a picture',
    labelNames: ['step'],
    buckets: [0.002, 0.01, 0.05, 0.2, 1, 5],
    registers: [registry],
  })
  const storeTimes = new Histogram({
    name: 'imagehost_store_seconds',
    help: 'Time until a store has answered, by store and outcome',
    labelNames: ['store', 'outcome'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    registers: [registry],
  })
  const storeErrors = new Counter({
    name: 'imagehost_store_errors_total',
    help: 'Calls of a store that failed',
    labelNames: ['store', 'call'],
    registers: [registry],
  })
  const swept = new Counter({
    name: 'imagehost_swept_total',
    help: 'What the sweeper found due, by kind',
    labelNames: ['kind'],
    registers: [registry],
  })
  const lastSweep = new Gauge({
    name: 'imagehost_last_sweep_timestamp_seconds',
    help: 'When this process last came through a round of the sweeper; of several processes one does them',
    registers: [registry],
  })
  new Gauge({
    name: 'imagehost_free_disk_bytes',
    help: 'What may still be written where DATA_DIR is',
    registers: [registry],
    async collect() {
      this.set(await freeDiskBytes())
    },
  })
  const requests = new Histogram({
    name: 'imagehost_request_seconds',
    help: 'Time to answer, by route of the contract and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  const errors = new Counter({
    name: 'imagehost_errors_total',
    help: 'Errors answered, by code',
    labelNames: ['code'],
    registers: [registry],
  })
  const steps = new Counter({
    name: 'imagehost_upload_steps_total',
    help: 'Steps of uploads that were passed',
    labelNames: ['step'],
    registers: [registry],
  })
  const notices = new Counter({
    name: 'imagehost_webhook_notices_total',
    help: 'Notices of reports offered to the webhook, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const variantSteps = new Counter({
    name: 'imagehost_variant_steps_total',
    help: 'Steps of variants that were passed; those that were made are at `variant`',
    labelNames: ['step'],
    registers: [registry],
  })
  const purges = new Counter({
    name: 'imagehost_cdn_purges_total',
    help: 'Images that the CDN was told to let go of, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  })
  new Gauge({
    name: 'imagehost_work',
    help: 'Pictures under work and waiting, and the memory that they are estimated to take',
    labelNames: ['what'],
    registers: [registry],
    collect() {
      for (const [what, value] of Object.entries(work.load())) this.set({ what }, value)
    },
  })
  return {
    contentType: registry.contentType,
    print: () => registry.metrics(),
    countStep: (step: string) => steps.inc({ step }),
    countNotice: (outcome: NoticeOutcome) => notices.inc({ outcome }),
    countVariantStep: (step: string) => variantSteps.inc({ step }),
    countPurge: (outcome: string, images: number) => purges.inc({ outcome }, images),
    countError: (code: string) => errors.inc({ code }),
    countSweep: (counts: Readonly<Record<string, number>>) => {
      for (const [kind, count] of Object.entries(counts)) swept.inc({ kind }, count)
      lastSweep.setToCurrentTime()
    },
    /** The same steps, measured. */
    timeSteps: <W>(steps: readonly Step<W>[]): Step<W>[] =>
      steps.map(({ name, run }) => {
        const series = stepTimes.labels({ step: name })
        const measured = async (picture: W) => {
          const end = series.startTimer()
          await run(picture)
          end()
        }
        return { name, run: measured }
      }),
    /** The same store, measured: by store and outcome, since each call of each port would be a thousand series. */
    timeStore: <T extends object>(store: 'metadata' | 'bytes', measured: T): T => {
      const series = {
        ok: storeTimes.labels({ store, outcome: 'ok' }),
        error: storeTimes.labels({ store, outcome: 'error' }),
      }
      return timed(measured, (call, seconds, outcome) => {
        series[outcome].observe(seconds)
        if (outcome === 'error') storeErrors.inc({ store, call })
      })
    },
    /** Measures every request of this server. */
    observe(app: FastifyInstance): void {
      const series = new Map<string, { observe: (seconds: number) => void }>()
      app.addHook('onResponse', (request, reply, done) => {
        const { method } = request
        const route = request.routeOptions.url ?? 'none'
        const name = `${method} ${route} ${reply.statusCode}`
        const known = series.get(name) ?? requests.labels({ method, route, status: reply.statusCode })
        // As many as routes and statuses: both are ours to name.
        series.set(name, known)
        known.observe(reply.elapsedTime / 1000)
        done()
      })
    },
  }
}

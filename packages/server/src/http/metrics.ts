import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { NoticeOutcome } from '../services/report-notices.ts'
import type { WorkQueue } from '../services/work-queue.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** Prometheus metrics of one process. */
export function createMetrics({ work }: { work: WorkQueue }) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
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

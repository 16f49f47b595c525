import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'

interface RecordedAnswer {
  status: number
  headers: Headers
  body: Buffer
  /** The body as JSON; throws if it is none. */
  json(): Record<string, unknown>
}

export type Recording = (
  step: string,
  address: string,
  values?: Record<string, string | Buffer>,
) => Promise<RecordedAnswer>

/** How long an answer may take until the conversation has failed. */
const patienceMs = 20_000

/**
 * Requests as an old client wrote them, one after `### name` each. Replayed byte for byte over a socket of their own, since
 * any HTTP library would send what it thinks right instead.
 */
export async function openRecording(name: string): Promise<Recording> {
  const text = await readFile(new URL(`./fixtures/${name}.http`, import.meta.url), 'utf8')
  const steps = new Map(
    text.split(/^### /m).map((step) => {
      const end = step.indexOf('\n')
      return [step.slice(0, end), step.slice(end + 1)]
    }),
  )
  return (step, address, values = {}) => {
    const recorded = steps.get(step)
    if (recorded === undefined) throw new Error(`${name} has no request ${step}`)
    const { hostname, host, port } = new URL(address)
    return exchange(requestOf(recorded, { host, origin: host, ...values }), hostname, Number(port || 80))
  }
}

function requestOf(recorded: string, values: Record<string, string | Buffer>): Buffer {
  const [head = '', text = ''] = recorded.split(/\n\n(.*)/s)
  const fill = (template: string) => template.replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name]))
  const { picture } = values
  const body = text.trim() === '{{picture}}' && Buffer.isBuffer(picture) ? picture : Buffer.from(fill(text.trim()))
  const lines = fill(head.replace('{{length}}', String(body.length))).split('\n')
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
}

function exchange(request: Buffer, host: string, port: number): Promise<RecordedAnswer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const socket = connect({ host, port }, () => socket.write(request))
    const end = (outcome: () => void) => {
      socket.destroy()
      outcome()
    }
    socket.setTimeout(patienceMs, () => end(() => reject(new Error(`No whole answer: ${received.toString('latin1')}`))))
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const answer = answerOf(received)
      if (answer) end(() => resolve(answer))
    })
  })
}

/** Once it is whole; all answers that these clients get say their length. */
function answerOf(received: Buffer): RecordedAnswer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n')
  const headers = new Headers(
    lines.map((line): [string, string] => [line.split(':', 1)[0]!, line.replace(/^[^:]*: */, '')]),
  )
  const body = received.subarray(end + 4)
  if (body.length < Number(headers.get('content-length') ?? Number.POSITIVE_INFINITY)) return undefined
  return { status: Number(first.split(' ')[1]), headers, body, json: () => JSON.parse(body.toString()) }
}

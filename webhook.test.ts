import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { createWebhook } from './packages/server/src/infrastructure/webhook/webhook.ts'
import { freePort } from './scripts/free-port.ts'

const guide = readFileSync(path.join(import.meta.dirname, 'docs/webhook.md'), 'utf8')
const secret = 'the secret of this test, which is long enough'

test('the receiver in the guide takes what is genuine, and nothing else', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'webhook-'))
  const file = path.join(folder, 'receiver.mjs')
  writeFileSync(file, /```js\n([\s\S]*?)```/.exec(guide)![1]!)
  const port = await freePort()
  const env = { PATH: process.env.PATH, PORT: String(port), REPORT_WEBHOOK_SECRET: secret }
  const receiver = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(receiver.stdout)
  try {
    const send = (more: { secret?: string; now?: number } = {}) =>
      createWebhook({
        url: `http://127.0.0.1:${port}/`,
        secret: more.secret ?? secret,
        timeoutMs: 5_000,
        clock: { now: () => more.now ?? Date.now() },
      }).send(JSON.stringify({ event: 'report.created', report: { id: 'r_1', image_id: 'img_1', reason: 'spam' } }))
    const told = once(lines, 'line')
    await expect.poll(() => send().then(() => 'taken', String), { timeout: 10_000 }).toBe('taken')
    expect(await told).toEqual(['r_1: img_1 is reported, spam'])
    await expect(send({ secret: `another ${secret}` })).rejects.toThrow('answered 401')
    await expect(send({ now: Date.now() - 600_000 })).rejects.toThrow('answered 401')
  } finally {
    receiver.kill()
    rmSync(folder, { recursive: true })
  }
})

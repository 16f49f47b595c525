import { readFileSync } from 'node:fs'
import path from 'node:path'
import { errors } from '@imagehost/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { pictures } from '../packages/server/src/testing/pictures.ts'
import { startTestApp, type TestApp } from '../packages/server/src/testing/start-test-app.ts'
import { uploadPicture } from '../packages/server/src/testing/upload-picture.ts'
import { root } from './testing/shell.ts'

/** What the alert rules and the dashboard ask for is there to be asked for. */
let app: TestApp
let said: string
beforeAll(async () => {
  app = await startTestApp()
  await uploadPicture(app, await app.user(), await pictures.jpeg())
  await app.sweeper.sweep()
  said = await (await app.fetch('http://images.test/metrics')).text()
})
afterAll(() => app.stop())

const read = (name: string) => readFileSync(path.join(root, 'deploy/prometheus', name), 'utf8')
const rules: { alert: string; expr: string }[] = parse(read('alerts.yaml')).groups[0].rules
const panels: { title: string; targets: { expr: string }[] }[] = JSON.parse(read('dashboard.json')).panels
const expressions = [
  ...rules.map(({ alert, expr }) => ({ name: alert, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ name: title, expr }))),
]

test.each(expressions)('$name asks for metrics that the server has', ({ expr }) => {
  const names = [...expr.matchAll(/\b(?:imagehost|nodejs|process)_\w+/g)].map(([name]) => name)
  if (!expr.includes('up{')) expect(names).not.toEqual([])
  for (const name of names) {
    const family = name.replace(/_(bucket|count|sum)$/, '')
    expect(said).toMatch(new RegExp(`^# TYPE (${name}|${family}) `, 'm'))
  }
  for (const [, code] of expr.matchAll(/code="(\w+)"/g)) expect(Object.keys(errors)).toContain(code)
  for (const [, what] of expr.matchAll(/what="(\w+)"/g)) expect(said).toContain(`imagehost_work{what="${what}"}`)
})

test('an upload leaves its time by step, that of both stores, and the sweeper says when it came', () => {
  for (const step of ['facts', 'strip', 'decode'])
    expect(said).toContain(`imagehost_step_seconds_count{step="${step}"} 1`)
  for (const store of ['metadata', 'bytes'])
    expect(said).toMatch(new RegExp(`imagehost_store_seconds_count\\{store="${store}",outcome="ok"\\} [1-9]`))
  const [, when] = /^imagehost_last_sweep_timestamp_seconds ([\d.]+)$/m.exec(said)!
  expect(Math.abs(Number(when) - Date.now() / 1000)).toBeLessThan(60)
  expect(said).toMatch(/^imagehost_free_disk_bytes [1-9]\d+/m)
})

test('each alert is explained to who is woken by it', () => {
  const guide = readFileSync(path.join(root, 'docs/operations.md'), 'utf8')
  for (const { alert } of rules) expect(guide).toContain(`\`${alert}\``)
})

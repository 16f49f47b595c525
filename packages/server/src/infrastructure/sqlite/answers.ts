import type { Answer, Answers } from '../../ports/answers.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

/** Old answers thrown away with each new one: more than one, so that they can't pile up. */
const tidyRows = 10

export function createSqliteAnswers({ database, writes }: SqliteRoom): Answers {
  const keep = database.prepare(
    `INSERT INTO answers (name, fingerprint, status, body, keep_until)
     VALUES (:name, :fingerprint, :status, :body, :keepUntil)
     ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,
       body = excluded.body, keep_until = excluded.keep_until
     WHERE keep_until <= :now`,
  )
  const tidy = database.prepare(
    'DELETE FROM answers WHERE name IN (SELECT name FROM answers WHERE keep_until <= ? LIMIT ?)',
  )
  const find = database.prepare('SELECT fingerprint, status, body FROM answers WHERE name = ? AND keep_until > ?')

  return {
    keep: (name, answer, { now, keepUntil }) =>
      writes.run(() => {
        tidy.run(now, tidyRows)
        return keep.run({ name, ...answer, now, keepUntil }).changes === 1
      }),
    find: (name, now) => read(() => toAnswer(find.get(name, now))),
  }
}

const toAnswer = (row: Record<string, unknown> | undefined): Answer | undefined =>
  row && { fingerprint: String(row.fingerprint), status: Number(row.status), body: String(row.body) }

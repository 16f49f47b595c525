import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { createWrites } from './writes.ts'

function open() {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT')
  const insert = database.prepare('INSERT INTO t VALUES (?)')
  const stored = () =>
    database
      .prepare('SELECT n FROM t ORDER BY n')
      .all()
      .map(({ n }) => n)
  return { database, insert, stored, writes: createWrites(database) }
}

test('writes of one turn share a transaction and are answered after it', async () => {
  const { database, insert, writes } = open()
  const seen: boolean[] = []
  const first = writes.run(() => insert.run(1)).then(() => seen.push(database.isTransaction))
  await Promise.all([first, writes.run(() => seen.push(database.isTransaction)), writes.run(() => insert.run(2))])
  expect(seen).toEqual([true, false])
})

test('a write that fails undoes its own changes and nobody else’s', async () => {
  const { insert, stored, writes } = open()
  const answers = await Promise.allSettled([
    writes.run(() => insert.run(1)),
    writes.run(() => {
      insert.run(2)
      throw new Error('mistake')
    }),
    writes.run(() => insert.run(3)),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(stored()).toEqual([1, 3])
})

test('when the transaction as a whole fails, everybody in it hears it', async () => {
  const { insert, database, stored, writes } = open()
  const answers = await Promise.allSettled([
    writes.run(() => insert.run(1)),
    writes.run(() => {
      database.exec('ROLLBACK')
      throw new Error('the disk is full')
    }),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(stored()).toEqual([])
})

test('more writes than one transaction takes are all answered', async () => {
  const { insert, stored, writes } = open()
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => writes.run(() => insert.run(n))))
  expect(stored()).toHaveLength(1_000)
})

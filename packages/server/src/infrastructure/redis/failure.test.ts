import { SimpleError } from 'redis'
import { expect, test } from 'vitest'
import { MetadataUnavailable } from '../../ports/metadata-store.ts'
import { unavailable } from './failure.ts'

test.each([
  'LOADING Redis is loading the dataset in memory',
  "READONLY You can't write against a read only replica.",
  'CLUSTERDOWN The cluster is down',
  "OOM command not allowed when used memory > 'maxmemory'.",
  'MISCONF Redis is configured to save RDB snapshots',
  'BUSY Redis is busy running a script.',
  'MOVED 3999 127.0.0.1:6381',
])('"%s" passes, so the call may be repeated', (message) => {
  const cause = new SimpleError(message)
  const error = unavailable(cause)
  expect(error).toBeInstanceOf(MetadataUnavailable)
  expect(error).toHaveProperty('cause', cause)
})

test.each(['WRONGTYPE Operation against a key', 'ERR unknown command', 'NOSCRIPT No matching script.'])(
  '"%s" is what it is',
  (message) => {
    const cause = new SimpleError(message)
    expect(unavailable(cause)).toBe(cause)
  },
)

test('what the client throws of its own means that no answer came', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  expect(unavailable(cause)).toBeInstanceOf(MetadataUnavailable)
})

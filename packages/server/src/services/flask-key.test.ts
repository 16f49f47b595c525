import { expect, test } from 'vitest'
import vectors from '../testing/fixtures/flask-vectors.json' with { type: 'json' }
import { readFlaskKey } from './flask-key.ts'

const { secret, valid, invalid } = vectors.api_keys

test.each(valid)('the key of $payload.uid is read', ({ key, payload }) =>
  expect(readFlaskKey(key, secret)).toBe(payload.uid),
)

test.each(invalid)('a key with $why is refused', ({ key }) => expect(readFlaskKey(key, secret)).toBeUndefined())

test.each(['', '.', '..', 'a.b', 'ih_abc', `${'a'.repeat(5000)}.b`])('%j is no key of theirs', (key) =>
  expect(readFlaskKey(key, secret)).toBeUndefined(),
)

import { expect, test } from 'vitest'
import vectors from '../testing/fixtures/flask-vectors.json' with { type: 'json' }
import { hashPassword, isOutdated, verifyPassword } from './password-hash.ts'

test.each(vectors.password_hashes)('Werkzeug: $hash', async ({ password, hash }) => {
  expect(await verifyPassword(password, hash)).toBe(true)
  expect(await verifyPassword(`${password}x`, hash)).toBe(false)
  expect(isOutdated(hash)).toBe(true)
})

test('ours verifies, is salted, and is of the present cost', async () => {
  const [one, two] = await Promise.all([hashPassword('pässword ✓'), hashPassword('pässword ✓')])
  expect(one).not.toBe(two)
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await verifyPassword('pässword ✓', one)).toBe(true)
  expect(await verifyPassword('password', one)).toBe(false)
  expect(isOutdated(one)).toBe(false)
})

test.each([
  '',
  'plain',
  '$argon2id$v=19$m=1,t=1,p=1$$',
  'scrypt:99999999:8:1$a$00',
  'scrypt:1048576:32:1$a$00',
  'md5$a$b',
  'pbkdf2:sha256:1$a$0',
  'pbkdf2:sha256:1$a$00',
  `pbkdf2:sha256:0$a$${'00'.repeat(32)}`,
  'scrypt:2:1:1$a$0',
  `scrypt:1:1:1$a$${'00'.repeat(64)}`,
  `scrypt:48:1:1$a$${'00'.repeat(64)}`,
  `scrypt:16:0:0$a$${'00'.repeat(64)}`,
  '$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$A',
])('a broken hash never verifies: %j', async (hash) => expect(await verifyPassword('', hash)).toBe(false))

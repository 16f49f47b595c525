import type { TestApp, TestUser } from './start-test-app.ts'

/** A new account with the role of an administrator, and a key that may do what the role allows. */
export async function newAdministrator(app: Pick<TestApp, 'user' | 'metadata'>): Promise<TestUser> {
  const user = await app.user()
  await app.metadata.accounts.change(user.uid, { role: 'admin' })
  return user
}

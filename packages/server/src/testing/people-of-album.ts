import type { TestApp, TestUser } from './start-test-app.ts'

/** Accounts by what they are to one album; `nobody` has no key. */
export interface AlbumPeople {
  album: string
  owner: TestUser
  editor: TestUser
  adder: TestUser
  viewer: TestUser
  stranger: TestUser
}

/** An album with everybody who may have to do with it. */
export async function peopleOfAlbum(
  app: TestApp,
  visibility: 'public' | 'unlisted' | 'private' = 'private',
): Promise<AlbumPeople> {
  const [owner, editor, adder, viewer, stranger] = await Promise.all(Array.from({ length: 5 }, () => app.user()))
  const { id: album } = await owner!.client.albums.create({ body: { name: 'Summer', visibility } })
  for (const [user, role] of [
    [editor!, 'edit'],
    [adder!, 'add'],
    [viewer!, 'view'],
  ] as const)
    await owner!.client.grants.put({ params: { album, username: await nameOf(user) }, body: { role } })
  return { album, owner: owner!, editor: editor!, adder: adder!, viewer: viewer!, stranger: stranger! }
}

export const nameOf = async (user: TestUser): Promise<string> => (await user.client.accounts.me()).username

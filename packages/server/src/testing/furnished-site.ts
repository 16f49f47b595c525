import { newAdministrator } from './new-administrator.ts'
import { pictures } from './pictures.ts'
import type { TestApp, TestUser } from './start-test-app.ts'
import { turnOnTwoFactor } from './two-factor.ts'
import { uploadPicture } from './upload-picture.ts'

/** Something of each noun. */
export async function furnish(on: TestApp): Promise<{ user: TestUser; images: string[] }> {
  const [user, ben] = [await on.user(), await on.user()]
  const administrator = await newAdministrator(on)
  const { client } = user
  const ids: string[] = []
  for (const [seed, visibility] of (['public', 'unlisted', 'private', 'private'] as const).entries())
    ids.push((await uploadPicture(on, user, await pictures.jpegWithGps({ seed }), { visibility, tags: 'sea' })).id)
  await client.images.update({ params: { id: ids[0]! }, body: { title: 'Grüße' } })
  const { id: album } = await client.albums.create({ body: { name: 'Summer', description: 'At the lake' } })
  await client.albums.change({
    params: { album },
    body: { add: [ids[2]!, ids[0]!], move: { id: ids[0]!, after: null } },
  })
  await client.albums.update({ params: { album }, body: { cover_id: ids[2]! } })
  const { username } = await ben.client.accounts.me()
  await client.grants.put({ params: { album, username }, body: { role: 'add' } })
  await client.drops.create({ params: { album }, body: { name: 'guests', max_files: 5, password: 'tulip' } })
  const { slug } = await client.shares.create({ params: { id: ids[2]! }, body: { max_views: 3 } })
  await on.fetch(`http://images.test/s/${slug}`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  await client.shares.createOfAlbum({ params: { album }, body: { password: 'tulip' } })
  await client.trash.put({ params: { id: ids[3]! } })
  await on.client().reports.create({ params: { id: ids[0]! }, body: { reason: 'other', message: 'hm' } })
  await administrator.client.invites.create({ body: { uses: 3 } })
  await administrator.client.settings.update({ body: { settings: { default_visibility: 'private' } } })
  await administrator.client.blocklist.add({ body: { sha256: 'ab'.repeat(32), reason: 'no' } })
  const carla = { username: 'carla', password: 'correct horse battery' }
  await on.client().accounts.register({ body: carla })
  await turnOnTwoFactor(on, carla)
  return { user, images: ids }
}

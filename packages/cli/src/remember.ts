import type { Context, Outcome } from './command.ts'

/** Keeps a key, and the server as the usual one if it is the first. */
export async function remember(
  { settings, terminal, env }: Context,
  { host, api_key, username }: { host: string; api_key: string; username: string },
): Promise<Outcome> {
  await settings.setCredential(host, { api_key, username })
  await settings.setConfig('host', host)
  if (env.IMAGEHOST_API_KEY && terminal.isWatched) {
    terminal.say('IMAGEHOST_API_KEY is set, and wins over the key that was stored now.')
  }
  return { data: [{ host, username }], lines: terminal.isRead ? [`${username} at ${host}`] : [] }
}

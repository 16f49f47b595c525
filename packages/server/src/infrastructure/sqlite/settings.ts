import type { Settings } from '../../ports/settings.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

export function createSqliteSettings({ database, writes }: SqliteRoom): Settings {
  const all = database.prepare('SELECT name, value FROM settings')
  const set = database.prepare(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const takeBack = database.prepare('DELETE FROM settings WHERE name = ?')

  return {
    read: () => read(() => Object.fromEntries(all.all().map(({ name, value }) => [name, JSON.parse(String(value))]))),
    async change(changes) {
      await writes.run(() => {
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) takeBack.run(name)
          else set.run(name, JSON.stringify(value))
        }
      })
    },
  }
}

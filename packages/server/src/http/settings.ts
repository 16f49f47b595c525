import { settingRoutes } from '@imagehost/contract/settings'
import type { FastifyInstance } from 'fastify'
import type { Settings } from '../services/settings.ts'
import { type MountDependencies, mount } from './mount.ts'

export function settingsHttp(app: FastifyInstance, deps: MountDependencies, settings: Settings): void {
  const { defaults } = settings
  mount(app, settingRoutes, deps, {
    get: async () => ({ settings: await settings.get(), defaults }),
    update: async ({ body }, { audit }) => {
      const changed = await settings.change(body.settings)
      audit({
        details: Object.fromEntries(Object.entries(body.settings).map(([name, value]) => [name, String(value)])),
      })
      return { settings: changed, defaults }
    },
  })
}

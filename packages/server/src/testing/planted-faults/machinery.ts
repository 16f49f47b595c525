import type { Answer } from '../../ports/answers.ts'
import type { PlantedFault } from './planted-fault.ts'

/** In the laws of what keeps servers and abuse in check. */
export const faultsOfMachinery: readonly PlantedFault[] = [
  {
    mistake: 'a lock is looked at first and taken afterwards',
    law: 'locks',
    sentence: 'of many who want a lock at once exactly one gets it',
    plant(store) {
      const held = new Map<string, string>()
      return {
        ...store,
        locks: {
          ...store.locks,
          async acquire(name, holder) {
            const before = held.get(name)
            await store.ping()
            held.set(name, holder)
            return before === undefined
          },
        },
      }
    },
  },
  {
    mistake: 'an allowance is looked at first and taken from afterwards',
    law: 'limiter',
    sentence: 'of many who take at once exactly as many are allowed as there is',
    plant: (store) => ({
      ...store,
      limiter: {
        async take(name, withdrawal) {
          const { remaining } = await store.limiter.take(name, { ...withdrawal, cost: 0 })
          const taken = await store.limiter.take(name, withdrawal)
          return { ...taken, allowed: remaining > 0 }
        },
      },
    }),
  },
  {
    mistake: 'a later answer takes the place of the first',
    law: 'answers',
    sentence: 'of many kept under one name at once exactly one stays, and everybody finds it',
    plant(store) {
      const kept = new Map<string, Answer>()
      return {
        ...store,
        answers: {
          keep: async (name, answer) => Boolean(kept.set(name, answer)),
          find: async (name) => kept.get(name),
        },
      }
    },
  },
  {
    mistake: 'a page of the log goes on after the second of the last entry',
    law: 'audit',
    sentence: 'of many entries at once none is lost, and pages of either order meet without gap or overlap',
    plant: (store) => ({
      ...store,
      audit: {
        ...store.audit,
        list: ({ after, ...range }) =>
          store.audit.list(after ? { ...range, after: `${after.split('-')[0]}-999` } : range),
      },
    }),
  },
  {
    mistake: 'a hash is looked up first and added afterwards',
    law: 'blocklist',
    sentence: 'of many who add one hash at once exactly one does, and its entry stays',
    plant: (store) => ({
      ...store,
      blocklist: {
        ...store.blocklist,
        async add(source) {
          if (await store.blocklist.find(source.sha256)) return false
          await store.blocklist.add(source)
          return true
        },
      },
    }),
  },
  {
    mistake: 'open reports are counted first and stored afterwards',
    law: 'reports',
    sentence: 'many reports of one image at once are never more than may be open',
    plant: (store) => ({
      ...store,
      reports: {
        ...store.reports,
        async create(report, { maxOpen, ...terms }) {
          if ((await store.reports.countOpen(report.imageId)) >= maxOpen) return false
          return store.reports.create(report, { maxOpen: 1_000, ...terms })
        },
      },
    }),
  },
]

import type { PlantedFault } from './planted-fault.ts'

/** In the laws of accounts and how one gets in. */
export const faultsOfPeople: readonly PlantedFault[] = [
  {
    mistake: 'account names are looked up first and taken afterwards',
    law: 'accounts',
    sentence: 'of many who register one name at once exactly one wins',
    plant: (store) => ({
      ...store,
      accounts: {
        ...store.accounts,
        async create(account, nameKey) {
          if (await store.accounts.findByName(nameKey)) return false
          await store.accounts.create(account, nameKey)
          return true
        },
      },
    }),
  },
  {
    mistake: 'a page of accounts begins after a name instead of an account',
    law: 'accounts',
    sentence: 'accounts are listed by name without case, in pages that meet without gap or overlap',
    plant: (store) => ({
      ...store,
      accounts: {
        ...store.accounts,
        list: ({ after, ...page }) =>
          store.accounts.list({ ...page, ...(after && { after: { name: after.name, uid: 'u_~' } }) }),
      },
    }),
  },
  {
    mistake: 'noting the use of a key writes it back whole',
    law: 'tokens',
    sentence: 'a deleted key never comes back to life, however its use is noted',
    plant: (store) => ({
      ...store,
      tokens: {
        ...store.tokens,
        async touch(hash, lastUsedAt) {
          const token = await store.tokens.findByHash(hash)
          if (!token) return
          await store.tokens.delete(token.uid, token.id)
          await store.tokens.create({ ...token, lastUsedAt })
        },
      },
    }),
  },
  {
    mistake: 'the cap on keys is counted before the new one is stored',
    law: 'tokens',
    sentence: 'many logins at once never leave more keys than the cap, nor fewer',
    plant: (store) => ({
      ...store,
      tokens: {
        ...store.tokens,
        async create(token, { keepNewest = 1_000 } = {}) {
          const held = await store.tokens.list(token.uid)
          for (const old of held.slice(keepNewest - 1)) await store.tokens.delete(token.uid, old.id)
          return store.tokens.create(token)
        },
      },
    }),
  },
  {
    mistake: 'the password of a login is compared first and its key stored afterwards',
    law: 'tokens',
    sentence: 'of logins beside a password change all that were told yes can be ended after it',
    plant: (store) => ({
      ...store,
      tokens: {
        ...store.tokens,
        async create(token, { passwordHash, ...terms } = {}) {
          const account = await store.accounts.find(token.uid)
          if (passwordHash !== undefined && account?.passwordHash !== passwordHash) return false
          for (let turn = 0; turn < 5; turn++) await store.ping().then(() => new Promise(setImmediate))
          return store.tokens.create(token, terms)
        },
      },
    }),
  },
  {
    mistake: 'the last time step is compared first and written afterwards',
    law: 'twoFactor',
    sentence: 'of many who bring one code at once exactly one is let in',
    plant: (store) => ({
      ...store,
      twoFactor: {
        ...store.twoFactor,
        async acceptStep(uid, accepted) {
          const factor = await store.twoFactor.find(uid)
          if (!factor || factor.lastStep >= accepted.step) return false
          await store.twoFactor.acceptStep(uid, accepted)
          return true
        },
      },
    }),
  },
  {
    mistake: 'whether the setup is over is looked at first, and it is ended afterwards',
    law: 'setup',
    sentence: 'of many who claim at once exactly one becomes administrator, and nobody afterwards',
    plant: (store) => ({
      ...store,
      setup: {
        ...store.setup,
        async claim(uid) {
          if ((await store.setup.begin('')) === undefined) return false
          await store.accounts.change(uid, { role: 'admin' })
          await store.setup.end()
          return true
        },
      },
    }),
  },
  {
    mistake: 'settings are read, merged and written back one by one',
    law: 'settings',
    sentence: 'of many changes to the same settings one stays whole',
    plant: (store) => ({
      ...store,
      settings: {
        ...store.settings,
        async change(changes) {
          const names = Object.keys(changes)
          // One way round or the other, as the order of an object may be.
          for (const name of Number(changes.a) % 2 === 0 ? names : names.reverse())
            await store.settings.change({ [name]: changes[name] })
        },
      },
    }),
  },
  {
    mistake: 'the uses of an invite are counted first and one is taken afterwards',
    law: 'invites',
    sentence: 'of many who use an invite of five at once exactly five may',
    plant: (store) => ({
      ...store,
      invites: {
        ...store.invites,
        async consume(hash, now) {
          const invite = await store.invites.find(hash)
          if (!invite || invite.used >= invite.uses) return undefined
          await store.invites.consume(hash, now)
          return invite.id
        },
      },
    }),
  },
  {
    mistake: 'a recovery code is looked up first and spent afterwards',
    law: 'twoFactor',
    sentence: 'of many who bring one recovery code at once exactly one is let in',
    plant: (store) => ({
      ...store,
      twoFactor: {
        ...store.twoFactor,
        async spendRecoveryCode(uid, hash) {
          const factor = await store.twoFactor.find(uid)
          if (!factor?.recoveryHashes.includes(hash)) return false
          await store.twoFactor.spendRecoveryCode(uid, hash)
          return true
        },
      },
    }),
  },
]

import { accountsLaw } from './accounts.conformance.ts'
import { albumImagesLaw } from './album-images.conformance.ts'
import { albumsLaw } from './albums.conformance.ts'
import { answersLaw } from './answers.conformance.ts'
import { auditLaw } from './audit.conformance.ts'
import { blocklistLaw } from './blocklist.conformance.ts'
import { dropsLaw } from './drops.conformance.ts'
import { grantsLaw } from './grants.conformance.ts'
import { imageIndexLaw } from './image-index.conformance.ts'
import { imagesLaw } from './images.conformance.ts'
import { inventoryLaw } from './inventory.conformance.ts'
import { invitesLaw } from './invites.conformance.ts'
import type { Law } from './law.ts'
import { limiterLaw } from './limiter.conformance.ts'
import { locksLaw } from './locks.conformance.ts'
import type { MetadataStore } from './metadata-store.ts'
import { reportsLaw } from './reports.conformance.ts'
import { settingsLaw } from './settings.conformance.ts'
import { setupLaw } from './setup.conformance.ts'
import { sharesLaw } from './shares.conformance.ts'
import { tokensLaw } from './tokens.conformance.ts'
import { trashLaw } from './trash.conformance.ts'
import { twoFactorLaw } from './two-factor.conformance.ts'
import { uploadsLaw } from './uploads.conformance.ts'
import { variantsLaw } from './variants.conformance.ts'

/** All that a metadata store must hold, by noun. */
export const metadataLaws: Readonly<Record<string, Law<MetadataStore>>> = {
  accounts: accountsLaw,
  tokens: tokensLaw,
  twoFactor: twoFactorLaw,
  setup: setupLaw,
  settings: settingsLaw,
  invites: invitesLaw,
  images: imagesLaw,
  imageIndex: imageIndexLaw,
  trash: trashLaw,
  albums: albumsLaw,
  albumImages: albumImagesLaw,
  grants: grantsLaw,
  drops: dropsLaw,
  shares: sharesLaw,
  uploads: uploadsLaw,
  variants: variantsLaw,
  locks: locksLaw,
  limiter: limiterLaw,
  answers: answersLaw,
  audit: auditLaw,
  blocklist: blocklistLaw,
  reports: reportsLaw,
  inventory: inventoryLaw,
}

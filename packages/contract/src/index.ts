import { accountRoutes } from './accounts.ts'
import { albumRoutes } from './albums.ts'
import { auditRoutes } from './audit.ts'
import { blocklistRoutes } from './blocklist.ts'
import { collectionRoutes } from './collection.ts'
import { deleteLinkRoutes } from './delete-links.ts'
import { deliveryRoutes } from './delivery.ts'
import { dropRoutes } from './drops.ts'
import { grantRoutes } from './grants.ts'
import { imageRoutes } from './images.ts'
import { inviteRoutes } from './invites.ts'
import { keyRoutes } from './keys.ts'
import { pageRoutes } from './pages.ts'
import { reportRoutes } from './reports.ts'
import type { Routes } from './route.ts'
import { sessionRoutes } from './sessions.ts'
import { settingRoutes } from './settings.ts'
import { setupRoutes } from './setup.ts'
import { shareRoutes } from './shares.ts'
import { systemRoutes } from './system.ts'
import { trashRoutes } from './trash.ts'
import { twoFactorRoutes } from './two-factor.ts'
import { uploadRoutes } from './uploads.ts'
import { userRoutes } from './users.ts'

/** The whole API: one table per noun. */
export const api = {
  accounts: accountRoutes,
  keys: keyRoutes,
  sessions: sessionRoutes,
  twoFactor: twoFactorRoutes,
  setup: setupRoutes,
  settings: settingRoutes,
  invites: inviteRoutes,
  users: userRoutes,
  uploads: uploadRoutes,
  images: imageRoutes,
  collection: collectionRoutes,
  trash: trashRoutes,
  albums: albumRoutes,
  grants: grantRoutes,
  drops: dropRoutes,
  shares: shareRoutes,
  delivery: deliveryRoutes,
  pages: pageRoutes,
  deleteLinks: deleteLinkRoutes,
  audit: auditRoutes,
  blocklist: blocklistRoutes,
  reports: reportRoutes,
  system: systemRoutes,
} as const satisfies Record<string, Routes>

export * from './errors.ts'
export * from './formats.ts'
export type { Image } from './images.ts'
export * from './route.ts'
export * from './scopes.ts'
export type { UploadFailure, UploadOptions } from './uploads.ts'

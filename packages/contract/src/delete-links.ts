import { Type } from 'typebox'
import type { Routes } from './route.ts'

const DeleteLinkParams = Type.Object({
  token: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,128}$', description: 'From the `delete_url` of an upload' }),
})

/** What deletes an image without an account: uploaders keep the address that their upload got, and show it to nobody. */
export const deleteLinkRoutes = {
  ask: {
    method: 'GET',
    path: '/delete/:token',
    summary: 'Asks whether to delete the image; looking at the page changes nothing',
    scope: 'none',
    limit: 'read',
    params: DeleteLinkParams,
    raw: { answers: { 200: 'A page with a button' } },
    errors: ['not_found'],
  },
  delete: {
    method: 'POST',
    path: '/delete/:token',
    summary: 'Deletes the image at once and for good',
    scope: 'none',
    limit: 'complete',
    params: DeleteLinkParams,
    raw: { accepts: 'Nothing', answers: { 200: 'A page that says so' } },
    errors: ['not_found', 's3_error'],
  },
} as const satisfies Routes

import { type Static, Type } from 'typebox'

/** What somebody may do in an album of somebody else's. */
export type GrantRole = Static<typeof GrantRole>
export const GrantRole = Type.Union([Type.Literal('view'), Type.Literal('add'), Type.Literal('edit')], {
  description:
    'view: see all its images, private ones too · add: put in own images besides · edit: change the album and take images out besides',
})

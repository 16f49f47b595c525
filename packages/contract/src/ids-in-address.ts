import { Type } from 'typebox'

/** Images that one address names; it stays below the 8 KB that proxies take. */
const maxNamedInAddress = 200

/** Ids in an address, between commas. */
export const idsInAddress = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: `^[A-Za-z0-9_-]{1,64}(,[A-Za-z0-9_-]{1,64}){0,${maxNamedInAddress - 1}}$`,
      description: `${description}; ids between commas, at most ${maxNamedInAddress}`,
    }),
  )

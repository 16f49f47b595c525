/** Where a client puts the bytes of a draft: never the served key, since a presigned PUT stays valid after completion. */
export const stagingKey = ({ ownerUid, id }: { ownerUid: string; id: string }): string => `incoming/${ownerUid}/${id}`

/** What was changed of an image since its bytes were stored, in a form that only the server reads. */
export const labelKey = ({ ownerUid, id }: { ownerUid: string; id: string }): string => `labels/${ownerUid}/${id}`

/** Where the checked bytes of an image are served from. */
export const servedKey = (ownerUid: string, id: string, filename: string): string =>
  `uploads/${ownerUid}/${id}/${filename}`

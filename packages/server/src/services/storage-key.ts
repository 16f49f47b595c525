/** Where a client puts the bytes of a draft: never the served key, since a presigned PUT stays valid after completion. */
export const stagingKey = ({ ownerUid, id }: { ownerUid: string; id: string }): string => `incoming/${ownerUid}/${id}`

/** Where the checked bytes of an image are served from. */
export const servedKey = (ownerUid: string, id: string, filename: string): string =>
  `uploads/${ownerUid}/${id}/${filename}`

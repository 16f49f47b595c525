/** How the command ends, for scripts. `imagehost help exit-codes` prints this table. */
export const exitCodes = {
  ok: { code: 0, meaning: 'Everything was done' },
  failure: {
    code: 1,
    meaning: 'Something failed; of several pictures, at least one. The others are done all the same',
  },
  usage: { code: 2, meaning: 'The command was not understood' },
  authentication: { code: 4, meaning: 'A key is missing, was refused, or may not do that: `imagehost login` helps' },
  interrupted: { code: 130, meaning: 'Ctrl-C' },
} as const satisfies Record<string, { code: number; meaning: string }>

export type Ending = keyof typeof exitCodes

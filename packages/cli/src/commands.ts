import type { Commands } from './command.ts'

/** Every command, in the order of the help. */
export const commands: Commands = {
  upload: {
    summary: 'Upload pictures and print their links',
    load: async () => (await import('./commands/upload.ts')).upload,
  },
  ls: { summary: 'List your images', load: async () => (await import('./commands/ls.ts')).ls },
  show: { summary: 'Show what is known of an image', load: async () => (await import('./commands/show.ts')).show },
  open: { summary: 'Open an image in the browser', load: async () => (await import('./commands/open.ts')).open },
  rm: { summary: 'Move images to the trash, or delete them', load: async () => (await import('./commands/rm.ts')).rm },
  restore: {
    summary: 'Take images out of the trash',
    load: async () => (await import('./commands/restore.ts')).restore,
  },
  share: {
    summary: 'Make limited links, and take them back',
    load: async () => (await import('./commands/share.ts')).share,
  },
  album: { summary: 'List, make and change albums', load: async () => (await import('./commands/album.ts')).album },
  key: { summary: 'List, make and revoke API keys', load: async () => (await import('./commands/key.ts')).key },
  login: { summary: 'Log in to a server', load: async () => (await import('./commands/login.ts')).login },
  register: {
    summary: 'Make an account on a server',
    load: async () => (await import('./commands/register.ts')).register,
  },
  logout: {
    summary: 'End the stored key and forget it',
    load: async () => (await import('./commands/logout.ts')).logout,
  },
  whoami: { summary: 'Say who and where you are', load: async () => (await import('./commands/whoami.ts')).whoami },
  config: { summary: 'Show and change settings', load: async () => (await import('./commands/config.ts')).config },
  doctor: {
    summary: 'Check whether everything is as it should be',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'picgo-server': {
    summary: 'Take pictures from plug-ins made for PicGo',
    load: async () => (await import('./commands/picgo-server.ts')).picgoServer,
  },
  completion: {
    summary: 'Print completions for bash, zsh or fish',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
}

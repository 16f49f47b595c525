import { administration } from './words/administration.ts'
import { albums } from './words/albums.ts'
import { settings } from './words/settings.ts'
import { sharing } from './words/sharing.ts'

/** Every sentence of the page, those of larger subjects in files beside: another language is another such table. */
export const english = {
  'app.name': 'ImageHost',
  'nav.photos': 'Photos',
  'nav.trash': 'Trash',
  'nav.shared': 'Shared',
  'nav.you': 'You',
  'nav.upload': 'Upload',
  'nav.main': 'Main',
  'nav.search': 'Search',
  'welcome.headline': 'Drop a picture. Get a link.',
  'welcome.promise': 'On your own server. Private when you say so.',
  'welcome.username': 'User name',
  'welcome.password': 'Password',
  'welcome.otp': 'One-time code',
  'welcome.invite': 'Invite code',
  'welcome.create': 'Create account',
  'welcome.signIn': 'Sign in',
  'welcome.haveOne': 'I have one',
  'welcome.needOne': 'Create an account instead',
  'welcome.well': 'Drop a picture here',
  'welcome.choose': 'Choose picture',
  'welcome.waiting': '{count} waiting. It uploads the moment you are in.',
  'welcome.closed': 'Ask the owner of this site for an invite.',
  'gallery.empty': 'Drop pictures anywhere on this page.',
  'gallery.choose': 'Choose pictures',
  'gallery.noMatch': "No match for '{query}'.",
  'gallery.clear': 'Clear filters',
  'gallery.filters': 'Filters',
  'gallery.count': '{count} {count:picture|pictures}',
  'gallery.image': '{name}, {date}',
  'gallery.private': 'private',
  'gallery.scrubber': 'Month',
  'error.load': "Couldn't reach the server.",
  'error.retry': 'Try again',
  'drop.here': 'Drop to upload · {visibility}',
  'drop.into': 'Drop to upload to {name}',
  'drop.private': 'private',
  'drop.unlisted': 'unlisted',
  'drop.public': 'public',
  'upload.folder': 'Choose a folder',
  'upload.camera': 'Take a picture',
  'upload.address': 'From an address',
  'upload.addressOf': 'Address of the picture',
  'upload.ways': 'Other ways to upload',
  'format.url': 'Address',
  'format.markdown': 'Markdown',
  'format.html': 'HTML',
  'format.bbcode': 'BBCode',
  'tray.progress': '{done} of {total}',
  'tray.speed': '{size}/s',
  'tray.unsupported': "{name} isn't a picture. {formats} work.",
  'tray.tooLarge': '{size}; the limit here is {most}.',
  'tray.fetching': 'Fetching',
  'tray.fold': 'Show less',
  'tray.unfold': 'Show more',
  'tray.formats': 'Copied as {format}; other forms',
  'tray.album': 'Make album link',
  'tray.albumName': 'Upload of {date}',
  'tray.done': '{count} uploaded',
  'tray.doneRefused': '{count} uploaded, {refused} refused',
  'tray.offline': 'Offline. Goes on by itself.',
  'tray.waiting': 'Waiting',
  'tray.checking': 'Checking',
  'tray.finished': 'Done',
  'tray.duplicate': 'You have this one already',
  'tray.retry': 'Retry',
  'tray.cancel': 'Cancel',
  'tray.dismiss': 'Dismiss',
  'tray.close': 'Close',
  'tray.copyOne': 'Copy link',
  'tray.copyMany': 'Copy {count} links',
  'tray.label': 'Uploads',
  'toast.copied': 'Link copied',
  'toast.copiedMany': '{count} links copied',
  'toast.trashed': 'Deleted {count}.',
  'toast.visibility': '{count} now: {visibility}',
  'toast.undo': 'Undo',
  'toast.saved': 'Saved',
  'select.count': '{count} selected',
  'select.countBytes': '{count} selected · {size}',
  'select.all': 'Select all {count}',
  'select.visibility': 'Visibility',
  'select.tooMany': '{count} at most can be chosen by hand. Put them in an album and download that.',
  'select.copy': 'Copy links',
  'select.delete': 'Delete',
  'select.clear': 'Clear selection',
  'select.image': 'Select {name}',
  'viewer.close': 'Close',
  'viewer.next': 'Next',
  'viewer.previous': 'Previous',
  'viewer.info': 'Info',
  'viewer.copy': 'Copy link',
  'viewer.download': 'Download',
  'viewer.delete': 'Delete',
  'viewer.title': 'Title',
  'viewer.untitled': 'Add a title',
  'viewer.visibility': 'Who sees it',
  'viewer.private': 'Private',
  'viewer.unlisted': 'Link',
  'viewer.public': 'Public',
  'viewer.privateMeans': 'Only you can see it.',
  'viewer.unlistedMeans': 'Anyone with the link can see it.',
  'viewer.publicMeans': 'Anyone can see it, and it may be listed.',
  'viewer.expiry': 'Deletes itself',
  'viewer.camera': 'Camera',
  'viewer.type': 'Type',
  'viewer.added': 'Added',
  'viewer.taken': 'Taken',
  'viewer.size': 'Size',
  'viewer.views': 'Views',
  'viewer.link': 'Link',
  'viewer.tags': 'Tags',
  'nav.albums': 'Albums',
  'select.album': 'Album',
  'more.show': 'Show more',
  'trash.title': 'Trash',
  'pending.text': 'Loading…',
  'trash.empty': 'Empty.',
  'trash.gone': 'Deleted {when} · gone {end}',
  'trash.restore': 'Restore',
  'trash.emptyIt': 'Empty trash',
  'trash.ask': 'Delete {count} {count:picture|pictures} for good? Their links end now.',
  'question.no': 'Keep',
  'keys.title': 'Edit title',
  'keys.help': 'Keys',
  'keys.paste': 'Paste a picture or its address',
  'keys.move': 'Move',
  'keys.open': 'Open',
  'keys.select': 'Select',
  'keys.extend': 'Select further',
  'keys.all': 'Select all',
  'keys.back': 'One step back',
  'keys.copyFormat': 'Next link format, and copy',
  'keys.share': 'Share',
  'keys.fullScreen': 'Full screen',
  'keys.zoomIn': 'Larger',
  'keys.zoomOut': 'Smaller',
  'keys.zoomFit': 'As large as fits',
  'keys.go': 'Go to {place}',
  'keys.single': 'Keys without Ctrl or ⌘',
  'keys.singleMeans': 'Off for whoever speaks to the computer, or types by chance.',
  'keys.show': 'Show all keys',
  'copy.copy': 'Copy',
  'copy.failed': 'Copy it by hand: your browser refused.',
  ...administration,
  ...albums,
  ...settings,
  ...sharing,
} as const

export type Word = keyof typeof english

export type Words = Readonly<Record<Word, string>>

let words: Words = english

/** Another language, or the pseudo-language by which tests see what was forgotten here. */
export function speak(table: Words, language: string): void {
  words = table
  document.documentElement.lang = language
}

/** The sentence with its numbers and names in it; `{count:picture|pictures}` is the form that goes with the number. */
export function say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  return words[word].replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name: string, forms?: string) => {
    const value = String(values[name] ?? '')
    return forms === undefined ? value : formFor(value, forms.split('|'))
  })
}

const categories = ['zero', 'one', 'two', 'few', 'many', 'other'] as const
const plurals = new Intl.PluralRules('en')
/** Those that the language has, as its forms stand in a sentence. */
const known = categories.filter((category) => plurals.resolvedOptions().pluralCategories.includes(category))

function formFor(printed: string, forms: readonly string[]): string {
  const category = plurals.select(Number(printed.replace(/\D/g, '')))
  return forms[known.indexOf(category)] ?? forms.at(-1) ?? ''
}

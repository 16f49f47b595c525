import { parseArgs } from 'node:util'
import { unixSeconds } from '../ports/clock.ts'
import { checkImages } from './fsck/check-images.ts'
import { createFindings } from './fsck/findings.ts'
import { claimedKeys, findOrphans } from './fsck/orphans.ts'
import { rebuildRecords } from './fsck/rebuild.ts'
import { type Operation, OperationError } from './operation.ts'

const MiB = 1024 * 1024
/** Where objects of ours lie. */
const prefixes = ['uploads/', 'incoming/', 'variants/', 'labels/']
/** What is younger may be under way; what is older should have been swept. */
const daySeconds = 86_400

/** Compares metadata and objects, beside a running server; needs the right to list the bucket. */
export const fsck: Operation = {
  usage: '[--sample PERCENT] [--rate MIB] [--repair | --rebuild]',
  summary: [
    'look whether the bytes of every image are there (and of PERCENT of them, read at most at so many MiB a second, whether they are',
    'what they were), and for objects older than a day that nobody knows of; --repair deletes those objects, --rebuild makes images',
    'of all that nobody knows of, after all metadata were lost: as they were, and private where that is not known for sure',
  ].join('\n      '),
  async run(context, args) {
    const { sample, bytesPerSecond, repair, rebuild } = read(args)
    const stores = await context.openStores()
    const findings = createFindings(context)
    try {
      await checkImages(stores, { sample, bytesPerSecond }, findings)
      const now = unixSeconds(context.clock)
      const looking = { claimed: await claimedKeys(stores.metadata), onObject: () => findings.count('object') }
      if (rebuild) await rebuildRecords(stores, { ...looking, now }, findings)
      else
        for await (const orphan of findOrphans(stores, { ...looking, prefixes, before: now - daySeconds })) {
          if (!repair) findings.problem(`${orphan.key}: nobody knows of it (${orphan.size} bytes)`)
          else {
            await stores.blobs.delete(orphan.key)
            findings.count('deleted')
          }
        }
      context.say(`${findings.summary()}.`)
      return !findings.hasProblems()
    } finally {
      await stores.close()
    }
  },
}

function read(args: readonly string[]) {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      sample: { type: 'string', default: '0' },
      rate: { type: 'string', default: '100' },
      repair: { type: 'boolean', default: false },
      rebuild: { type: 'boolean', default: false },
    },
  })
  const [sample, rate] = [Number(values.sample), Number(values.rate)]
  if (positionals.length > 0 || (values.repair && values.rebuild))
    throw new OperationError(`Usage: npm run fsck -- ${fsck.usage}`)
  if (!(sample >= 0 && sample <= 100))
    throw new OperationError('--sample is a part of the images in percent: 0 to 100.')
  if (!(rate > 0)) throw new OperationError('--rate is a number of MiB in a second.')
  return { sample: sample / 100, bytesPerSecond: rate * MiB, repair: values.repair, rebuild: values.rebuild }
}

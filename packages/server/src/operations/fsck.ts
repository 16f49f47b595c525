import { parseArgs } from 'node:util'
import { unixSeconds } from '../ports/clock.ts'
import { checkImages } from './fsck/check-images.ts'
import { createFindings } from './fsck/findings.ts'
import { claimedKeys, findOrphans } from './fsck/orphans.ts'
import { rebuildRecord } from './fsck/rebuild.ts'
import { type Operation, OperationError } from './operation.ts'

const MiB = 1024 * 1024
/** Where objects of ours lie. */
const prefixes = ['uploads/', 'incoming/', 'variants/']

/** Compares metadata and objects, beside a running server; needs the right to list the bucket. */
export const fsck: Operation = {
  usage: '[--sample PERCENT] [--rate MIB] [--repair | --rebuild]',
  summary: [
    'look whether the bytes of every image are there (and of PERCENT of them, read at most at so many MiB a second, whether they are',
    'what they were), and for objects older than a day that nobody knows of; --repair deletes those objects, --rebuild makes private',
    'images of them, after all metadata were lost',
  ].join('\n      '),
  async run(context, args) {
    const { sample, bytesPerSecond, repair, rebuild } = read(args)
    const stores = await context.openStores()
    const findings = createFindings(context)
    try {
      await checkImages(stores, { sample, bytesPerSecond }, findings)
      const claimed = await claimedKeys(stores.metadata)
      const now = unixSeconds(context.clock)
      let mended = 0
      for (const prefix of prefixes) {
        const looking = { prefix, claimed, now, onObject: () => findings.count('object') }
        for await (const orphan of findOrphans(stores, looking)) {
          if (rebuild && (await rebuildRecord(stores, orphan, now))) mended++
          else if (repair) {
            await stores.blobs.delete(orphan.key)
            mended++
          } else if (!rebuild) findings.problem(`${orphan.key}: nobody knows of it (${orphan.size} bytes)`)
        }
      }
      const words = repair ? 'objects deleted' : 'images made of objects, all of them private'
      context.say(`${findings.summary()}${mended > 0 ? `, ${mended.toLocaleString('en')} ${words}` : ''}.`)
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

import { parseArgs } from 'node:util'
import type { Diagnosis } from '../ports/diagnosis.ts'
import { diagnoseMachine } from './doctor/machine.ts'
import { type Operation, type OperationContext, OperationError } from './operation.ts'

const marks: Readonly<Record<Diagnosis['state'], string>> = { ok: 'ok  ', note: 'note', bad: 'BAD ' }

/** Looks at everything that the server stands on, and says what to do about what is wrong. */
export const doctor: Operation = {
  usage: '[--fix]',
  summary:
    'look at Redis, the bucket, clocks, disk and settings, and say what is wrong and the cure; --fix applies what harms nothing that works today',
  async run(context, args) {
    const fix = read(args)
    const diagnosticians = await context.openDiagnosticians()
    try {
      const found = [...(await diagnoseMachine(context.machine))]
      for (const { look } of diagnosticians) found.push(...(await look()))
      let isWell = true
      for (const diagnosis of found) {
        tell(context, diagnosis)
        const isMended = fix && diagnosis.fix !== undefined && (await mend(context, diagnosis.fix))
        if (diagnosis.state === 'bad' && !isMended) isWell = false
      }
      return isWell
    } finally {
      for (const { close } of diagnosticians) await close()
    }
  },
}

function tell({ say }: OperationContext, { state, subject, words, cure }: Diagnosis): void {
  say(`${marks[state]} ${subject.padEnd(18)} ${words}`)
  if (cure !== undefined && state !== 'ok') say(`     ${''.padEnd(18)} ${cure}`)
}

async function mend({ say }: OperationContext, fix: () => Promise<void>): Promise<boolean> {
  try {
    await fix()
    say(`     ${''.padEnd(18)} Done.`)
    return true
  } catch (error) {
    say(`     ${''.padEnd(18)} It was refused: ${(error as Error).message}`)
    return false
  }
}

function read(args: readonly string[]): boolean {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { fix: { type: 'boolean', default: false } },
  })
  if (positionals.length > 0) throw new OperationError(`Usage: npm run doctor -- ${doctor.usage}`)
  return values.fix
}

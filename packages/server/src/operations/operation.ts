import type { Accounts } from '../ports/accounts.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { Diagnostician } from '../ports/diagnosis.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'
import type { Labels } from '../services/labels.ts'
import type { Spool } from '../services/spool.ts'
import type { Uploads } from '../services/uploads.ts'

/** Both halves of what a server keeps. */
export interface Stores {
  metadata: MetadataStore
  blobs: BlobStore
  /** What lies with the bytes for the day on which the metadata are lost. */
  labels: Labels
  /** Names of the secret that signs and seals what is in them, and of earlier ones that are still known: never themselves. */
  secrets: readonly string[]
  close(): Promise<void>
}

/** What an operation has at hand; whoever composes the server knows which adapters these are. */
export interface OperationContext {
  /** The stores of this environment, beside a running server or without one; or of the environment that a file describes. */
  openStores(envFile?: string): Promise<Stores>
  /** Metadata as they are at this moment: a copy where the engine can make one, else the store itself. */
  openSnapshot(stores: Stores): Promise<{ metadata: MetadataStore; close(): Promise<void> }>
  /** A blob store in a folder, made if it is not there. */
  openFolder(directory: string): Promise<BlobStore>
  /** What takes pictures in, as the server does, beside it. */
  openIntake(): Promise<Intake>
  /** What the machine and the settings say, for who looks for faults. */
  machine: Machine
  /** Those who look at the parts that the settings name. */
  openDiagnosticians(): Promise<Diagnostician[]>
  /** The file that keeps the secret of this environment; undefined where it is in a variable. */
  secretFile: string | undefined
  clock: Clock
  /** A line for whoever started it. */
  say(line: string): void
  /** What is under way: in the place of what was told before, where that can be. */
  progress(text: string): void
}

/** The way of every upload, without HTTP around it. */
export interface Intake {
  accounts: Pick<Accounts, 'findByName'>
  uploads: Pick<Uploads, 'receive'>
  spool: Pick<Spool, 'collect'>
  close(): Promise<void>
}

export interface Machine {
  dataDirectory: string
  /** Whether images, or their metadata, lie there. */
  isEmbedded: boolean
  publicUrl: string | undefined
  /** Whether only this machine reaches the server itself, so that a proxy stands in front of it. */
  isBehindProxy: boolean
  trustsProxy: boolean
  /** Why the server would not start with its secret, in words; undefined where it would. */
  secretProblem: string | undefined
}

/** Something that an operator does with all that there is. */
export interface Operation {
  /** What comes after its name. */
  usage: string
  summary: string
  /** Returns whether all is well. Throws OperationError for what the operator can mend, and for wrong arguments. */
  run(context: OperationContext, args: readonly string[]): Promise<boolean>
}

/** What the operator is told, with what to do about it. */
export class OperationError extends Error {
  override readonly name = 'OperationError'
}

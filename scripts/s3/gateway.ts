import type { S3Server } from './start-s3.ts'

/** A machine under load takes its time. */
const changeMs = 20_000

/** kill -9 for all that clients see of the S3 server; what it has stored stays. Returns once connections are refused. */
export async function killGateway({ pid, endpoint }: Pick<S3Server, 'pid' | 'endpoint'>): Promise<void> {
  process.kill(pid, 'SIGUSR1')
  await untilReachable(endpoint, false)
}

/** Starts it again. Returns once it answers. */
export async function restartGateway({ pid, endpoint }: Pick<S3Server, 'pid' | 'endpoint'>): Promise<void> {
  process.kill(pid, 'SIGUSR2')
  await untilReachable(endpoint, true)
}

async function untilReachable(endpoint: string, wanted: boolean): Promise<void> {
  const until = Date.now() + changeMs
  while ((await isReachable(endpoint)) !== wanted) {
    if (Date.now() > until) throw new Error(`The S3 server is ${wanted ? 'not' : 'still'} there.`)
  }
}

const isReachable = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    async (answer) => {
      await answer.arrayBuffer()
      return true
    },
    () => false,
  )

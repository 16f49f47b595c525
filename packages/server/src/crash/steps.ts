import { pictures } from '../testing/pictures.ts'
import { startTestApp } from '../testing/start-test-app.ts'
import { createUploader } from '../testing/uploader.ts'

/** The steps that a staged upload passes, in order, as the server itself tells them: a new step needs no word here. */
export async function stepsOfComplete(): Promise<string[]> {
  const steps: string[] = []
  const app = await startTestApp({}, { onStep: (step) => void steps.push(step) })
  try {
    const { apiKey } = await app.user()
    const uploader = createUploader({ url: 'http://images.test', apiKey, fetch: app.fetch })
    await uploader.complete(await uploader.stage(await pictures.jpeg()))
    return steps
  } finally {
    await app.stop()
  }
}

import { pictures } from '../testing/pictures.ts'
import { startTestApp } from '../testing/start-test-app.ts'
import { putPicture, requestUpload } from './upload.ts'

/** The steps that a staged upload passes, in order, as the server itself tells them: a new step needs no word here. */
export async function stepsOfComplete(): Promise<string[]> {
  const steps: string[] = []
  const app = await startTestApp({}, { onStep: (step) => void steps.push(step) })
  try {
    const user = await app.user()
    const bytes = await pictures.jpeg()
    const { iid, presigned_url: address } = await requestUpload(user.client, bytes)
    await putPicture(address, bytes, app.fetch)
    await user.client.uploads.complete({ body: { iid } })
    return steps
  } finally {
    await app.stop()
  }
}

import type { Image } from '@imagehost/contract/images'
import { type Caller, mayHaveDeleteLink } from '../../services/access.ts'
import type { DeleteLinks } from '../../services/delete-links.ts'
import type { Completed } from '../../services/uploads.ts'
import { presentImage } from './image.ts'

/** The answer to an upload: the image, and once the link that deletes it. */
export function presentUploaded(
  { image, isNew }: Completed,
  { baseUrl, caller, deleteLinks }: { baseUrl: string; caller: Caller; deleteLinks: DeleteLinks },
): Image {
  const presented = presentImage(image, baseUrl, caller)
  if (!mayHaveDeleteLink(caller, isNew)) return presented
  return { ...presented, delete_url: `${baseUrl}/delete/${deleteLinks.tokenFor(image.id)}` }
}

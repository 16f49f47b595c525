import type { Image } from '@imagehost/contract/images'
import { type Caller, mayHaveDeleteLink } from '../../services/access.ts'
import type { DeleteLinks } from '../../services/delete-links.ts'
import type { Completed } from '../../services/uploads.ts'
import type { Origins } from '../base-url.ts'
import { presentImage } from './image.ts'

/** The answer to an upload: the image, and once the link that deletes it. */
export function presentUploaded(
  { image, isNew }: Completed,
  { origins, caller, deleteLinks }: { origins: Origins; caller: Caller; deleteLinks: DeleteLinks },
): Image {
  const presented = presentImage(image, origins, caller)
  if (!mayHaveDeleteLink(caller, isNew)) return presented
  return { ...presented, delete_url: `${origins.page}/delete/${deleteLinks.tokenFor(image.id)}` }
}

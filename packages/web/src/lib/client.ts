import { createClient } from '@imagehost/client'
import { sendByXhr } from './xhr-transfer.ts'

/** The API by this page's session. */
export const client = createClient({ baseUrl: location.origin, transfer: sendByXhr })

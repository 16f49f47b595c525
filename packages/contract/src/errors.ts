/**
 * Every error that the API can answer: its status, the words a person reads and what they can do about it.
 * `docs/errors.md` is printed from this table; a test provokes each row.
 */
export const errors = {
  validation: { status: 400, message: 'The request is not valid.', cure: 'Correct the field that `details` names.' },
  auth: {
    status: 401,
    message: 'A valid API key is needed.',
    cure: 'Send your key in the `X-API-Key` header; `POST /api/v1/login` gives a new one.',
  },
  otp_required: {
    status: 401,
    message: 'The password is right; a one-time code is needed besides.',
    cure: 'Send the code of your authenticator app, or a recovery code, as `otp` in the same call.',
  },
  forbidden: { status: 403, message: 'This is not yours to change.', cure: 'Use the key of its owner.' },
  insufficient_scope: {
    status: 403,
    message: 'This key may not do that.',
    cure: 'Use a key that has the scope which `details` names.',
  },
  cross_origin: {
    status: 403,
    message: 'Another site may not do that in the name of your session.',
    cure: 'Do it on the page of this server itself, or send a key in `X-API-Key`.',
  },
  confirmation_needed: {
    status: 403,
    message: 'This needs your password or a one-time code once more.',
    cure: 'Send one of them to `POST /api/v1/session/confirm`, then repeat the call within 10 minutes.',
  },
  registration_closed: {
    status: 403,
    message: 'This server takes no new accounts.',
    cure: 'Ask its owner for an account, or for an invite where the message says that one is needed.',
  },
  invite_invalid: {
    status: 403,
    message: 'This invite is not known, used up or over.',
    cure: 'Check the code, or ask whoever gave it to you for a new one.',
  },
  signature_needed: {
    status: 403,
    message: 'This needs a signature, or a key of the owner of the image.',
    cure: 'Use a preset, or an address that its owner has got from `POST /api/v1/image/{id}/sign`.',
  },
  signature_invalid: {
    status: 403,
    message: 'The signature is not one for this.',
    cure: 'Use the address exactly as it was signed, or have it signed anew.',
  },
  signature_expired: {
    status: 403,
    message: 'The time of this address is over.',
    cure: 'Ask the owner of the image for a new one.',
  },
  password_needed: {
    status: 403,
    message: 'This link asks for a password.',
    cure: 'Ask whoever gave you the link, and send the password as the API reference says.',
  },
  password_wrong: {
    status: 403,
    message: 'That is not the password of this link.',
    cure: 'Ask whoever gave you the link.',
  },
  not_found: { status: 404, message: 'Nothing here.', cure: 'Check the address; it may have been deleted.' },
  timeout: {
    status: 408,
    message: 'The request took too long to arrive.',
    cure: 'Send it again over a steadier connection.',
  },
  conflict: { status: 409, message: 'This name is taken.', cure: 'Choose another one.' },
  upload_in_progress: {
    status: 409,
    message: 'This upload is being completed right now.',
    cure: 'Repeat the call after the time in `Retry-After`.',
  },
  request_in_progress: {
    status: 409,
    message: 'A request with this `Idempotency-Key` is being worked on right now.',
    cure: 'Repeat the call after the time in `Retry-After`.',
  },
  too_many_keys: {
    status: 409,
    message: 'This account has as many keys as it may.',
    cure: 'Revoke keys that you no longer use.',
  },
  too_many_albums: {
    status: 409,
    message: 'There are as many albums as there may be.',
    cure: 'Delete albums, or take the image out of some; `details` names the limit.',
  },
  album_full: {
    status: 409,
    message: 'The album holds as many images as it may.',
    cure: 'Use another album, or take images out of this one.',
  },
  too_many_grants: {
    status: 409,
    message: 'The album is granted to as many accounts as it may be.',
    cure: 'Take grants back that nobody needs.',
  },
  too_many_drops: {
    status: 409,
    message: 'The album has as many drop links as it may.',
    cure: 'Delete those that are over.',
  },
  too_many_shares: {
    status: 409,
    message: 'The image has as many limited links as it may.',
    cure: 'Delete those that are over.',
  },
  link_full: {
    status: 409,
    message: 'This link takes no more.',
    cure: 'Ask whoever gave you the link for another one, or to raise its limit.',
  },
  storage_public: {
    status: 409,
    message: 'The bucket is publicly readable, so it can hold no private image.',
    cure: 'Block public access to `uploads/` in the bucket policy, then start the server again.',
  },
  link_ended: { status: 410, message: 'This link has ended.', cure: 'Ask whoever gave it to you for a new one.' },
  too_large: { status: 413, message: 'The file is larger than the limit here.', cure: 'Send a smaller file.' },
  quota_exceeded: {
    status: 413,
    message: 'Your space here is used up.',
    cure: 'Delete images, or ask the owner of this server for more.',
  },
  unsupported_type: {
    status: 415,
    message: 'This is not a picture that is accepted here.',
    cure: 'Send JPEG, PNG, GIF, WebP, AVIF or HEIC.',
  },
  unsupported_content_type: {
    status: 415,
    message: 'This content type is not understood here.',
    cure: 'Use the content type that the API reference names for this call.',
  },
  range_not_satisfiable: {
    status: 416,
    message: 'The range starts behind the end of the file.',
    cure: 'Ask for bytes within the length that `Content-Range` names.',
  },
  image_corrupt: {
    status: 422,
    message: 'The picture is truncated or damaged.',
    cure: 'Export it again from the program that made it.',
  },
  image_too_complex: {
    status: 422,
    message: 'The picture has more pixels or frames than this server takes.',
    cure: 'Make it smaller; `details` names the limit.',
  },
  content_mismatch: {
    status: 422,
    message: 'The bytes that arrived are not the ones that were announced.',
    cure: 'Send the file again; check the `size` and `sha256` that you declare.',
  },
  infected: {
    status: 422,
    message: 'A scanner found malware in this file.',
    cure: 'Check the computer that it comes from; `details` names what was found.',
  },
  blocked_content: {
    status: 422,
    message: 'This file is not accepted here.',
    cure: 'Whoever runs this server has blocked exactly these bytes; ask them why.',
  },
  idempotency_mismatch: {
    status: 422,
    message: 'This `Idempotency-Key` was used for another request.',
    cure: 'Use a new key for each new request, and the same one only to repeat it as it was.',
  },
  import_refused: {
    status: 422,
    message: 'This address may not be fetched from here.',
    cure: 'Use a public http or https address on the usual ports.',
  },
  import_failed: {
    status: 422,
    message: 'The picture could not be fetched from that address.',
    cure: 'Open the address in a browser to see whether it works, or upload the file itself.',
  },
  rate_limited: {
    status: 429,
    message: 'Too often in too short a time.',
    cure: 'Repeat the call after the time in `Retry-After`.',
  },
  too_many_drafts: {
    status: 429,
    message: 'Too many uploads are begun and not completed.',
    cure: 'Complete them, or wait until they expire.',
  },
  internal_error: {
    status: 500,
    message: 'Something went wrong on our side.',
    cure: 'Try again; tell the owner of this server the `request_id` if it stays.',
  },
  invalid_record: {
    status: 500,
    message: 'The stored record of this image is incomplete.',
    cure: 'Tell the owner of this server the `request_id`.',
  },
  redis_unreachable: { status: 500, message: 'Redis does not answer.', cure: 'See that Redis runs and is reachable.' },
  s3_error: { status: 503, message: 'The storage does not answer.', cure: 'Try again in a moment.' },
  scan_error: {
    status: 503,
    message: 'The virus scanner does not answer, so nothing is accepted.',
    cure: 'Repeat the call after the time in `Retry-After`.',
  },
  save_error: { status: 503, message: 'The image could not be saved.', cure: 'Repeat the call; nothing is lost.' },
  service_error: { status: 503, message: 'The database does not answer.', cure: 'Try again in a moment.' },
  read_only: {
    status: 503,
    message: 'This server only reads for now: its data are on their way to another place.',
    cure: 'Try again later; what is there can be seen as always.',
  },
  overloaded: {
    status: 503,
    message: 'The server has all the work it can take right now.',
    cure: 'Repeat the call after the time in `Retry-After`.',
  },
} as const satisfies Record<string, { status: number; message: string; cure: string }>

export type ErrorCode = keyof typeof errors

/** What the SDK says where no answer of a server came; it says `timeout` besides, for those that were too slow. */
export const clientErrors = {
  network_error: {
    status: 0,
    message: 'The server could not be reached.',
    cure: 'Check the address, and that the server runs and is reachable from here.',
  },
} as const satisfies Record<string, { status: 0; message: string; cure: string }>

type ClientErrorCode = keyof typeof clientErrors

interface AppErrorOptions {
  /** Replaces the catalogue's sentence; shown to people. */
  message?: string
  /** Facts for programs: the field, the limit, the numbers. Shown to the caller, so nothing secret. */
  details?: Record<string, unknown>
  /** Seconds after which a repetition makes sense; becomes `Retry-After`. */
  retryAfterSeconds?: number
  /** By which the server's log knows the request; on the client's side only. */
  requestId?: string
  /** What went wrong underneath; logged, never shown. */
  cause?: unknown
}

/** The only error that may reach a client in its own words; the SDK rebuilds the same class on its side. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode | ClientErrorCode
  readonly status: number
  readonly details: Record<string, unknown> | undefined
  readonly retryAfterSeconds: number | undefined
  readonly requestId: string | undefined

  constructor(code: ErrorCode | ClientErrorCode, options: AppErrorOptions = {}) {
    const { status, message } = rowOf(code)
    super(options.message ?? message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.status = status
    this.details = options.details
    this.retryAfterSeconds = options.retryAfterSeconds
    this.requestId = options.requestId
  }

  /** What whoever meets it can do. */
  get cure(): string {
    return rowOf(this.code).cure
  }
}

const rowOf = (code: ErrorCode | ClientErrorCode) => (code === 'network_error' ? clientErrors[code] : errors[code])

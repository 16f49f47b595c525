import { client } from './client.ts'
import { findWho, wasIn } from './who.ts'

/*
 * What the page needs from the server at once is asked for while most of its script has yet to run: on a phone that takes
 * longer than the answers.
 */
void findWho()

type Timeline = Awaited<ReturnType<typeof client.collection.timeline>>

/** Undefined where it could not be had, such as for somebody whose session has ended. */
let timeline: Promise<Timeline | undefined> | undefined =
  wasIn() && location.pathname === '/' ? client.collection.timeline().catch(() => undefined) : undefined

/** The months of who is here, where they were asked for; once, since later it would be old. */
export function takeEarlyTimeline(): Promise<Timeline | undefined> | undefined {
  const taken = timeline
  timeline = undefined
  return taken
}

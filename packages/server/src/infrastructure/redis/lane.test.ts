import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MetadataUnavailable } from '../../ports/metadata-store.ts'
import { createLane, type Lane } from './lane.ts'

let lane: Lane
/** Commands that reached the Redis of this test, which answers when it is told to. */
let sent: PromiseWithResolvers<string>[]

beforeEach(() => {
  vi.useFakeTimers()
  lane = createLane()
  sent = []
})

afterEach(() => {
  vi.useRealTimers()
})

function send(): Promise<string> {
  return lane.send(() => {
    const reply = Promise.withResolvers<string>()
    sent.push(reply)
    return reply.promise
  })
}

async function outcome(call: Promise<string>): Promise<string> {
  return call.catch((error) => {
    expect(error).toBeInstanceOf(MetadataUnavailable)
    return 'unavailable'
  })
}

test('each call has its own time', async () => {
  const first = outcome(send())
  vi.advanceTimersByTime(1_000)
  const second = outcome(send())
  vi.advanceTimersByTime(600)
  expect(await first).toBe('unavailable')
  sent[1]!.resolve('in time')
  expect(await second).toBe('in time')
})

test('after a call that ran out of time nothing more is sent', async () => {
  const late = outcome(send())
  vi.advanceTimersByTime(1_600)
  expect(await late).toBe('unavailable')
  expect(await outcome(send())).toBe('unavailable')
  expect(sent).toHaveLength(1)
})

test('a late answer opens the lane again', async () => {
  const late = outcome(send())
  vi.advanceTimersByTime(1_600)
  await late
  sent[0]!.resolve('too late')
  await Promise.resolve()
  const next = send()
  sent[1]!.resolve('well')
  expect(await next).toBe('well')
})

test('the end of the connection opens the lane again', async () => {
  const late = outcome(send())
  vi.advanceTimersByTime(1_600)
  await late
  sent[0]!.reject(new Error('Socket closed unexpectedly'))
  await Promise.resolve()
  const next = outcome(send())
  expect(sent).toHaveLength(2)
  sent[1]!.reject(new Error('The client is offline'))
  expect(await next).toBe('unavailable')
})

test('now and then one call finds out whether Redis is back', async () => {
  const late = outcome(send())
  vi.advanceTimersByTime(1_600)
  await late
  vi.advanceTimersByTime(2_100)
  const probe = send()
  expect(await outcome(send())).toBe('unavailable')
  expect(sent).toHaveLength(2)
  sent[1]!.resolve('back')
  expect(await probe).toBe('back')
})

test('the number of waiting calls is bounded', async () => {
  const waiting = Array.from({ length: 20_000 }, () => outcome(send()))
  expect(await outcome(send())).toBe('unavailable')
  expect(sent).toHaveLength(20_000)
  for (const reply of sent) reply.resolve('well')
  await Promise.all(waiting)
})

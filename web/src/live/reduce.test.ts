import { expect, test } from 'vitest'
import { absorb, nothing } from './reduce'
import type { Frame } from './sse'

const change = (seq: number, conversation: string | null = 'c1', words = 'Ana claimed this'): Frame => ({
  id: String(seq),
  event: 'change',
  data: JSON.stringify({ seq, kind: 'claimed', at: '2026-10-06T09:02:11.120Z', conversation_id: conversation, message_id: null, actor: { staff_id: null, name: 'Ana' }, words }),
})

test('an event moves the number on and names its conversation', () => {
  const pending = absorb(nothing(4), change(5))
  expect(pending.seq).toBe(5)
  expect([...pending.touched.keys()]).toEqual(['c1'])
  expect(pending.touched.get('c1')?.words).toBe('Ana claimed this')
})

test('what is replayed after a reconnect is taken once', () => {
  const once = absorb(nothing(4), change(5))
  expect(absorb(once, change(5, 'c1', 'again'))).toBe(once)
  expect(absorb(once, change(3, 'c2'))).toBe(once)
})

test('many events in one conversation are one re-reading, with the last words', () => {
  const pending = [change(5), change(6, 'c1', 'Ana replied'), change(7, 'c2')].reduce(absorb, nothing(4))
  expect([...pending.touched.keys()]).toEqual(['c1', 'c2'])
  expect(pending.touched.get('c1')?.words).toBe('Ana replied')
})

test('an event of no conversation still moves the number on', () => {
  expect(absorb(nothing(4), change(5, null))).toMatchObject({ seq: 5 })
})

test('a channel’s health is kept apart and has no number', () => {
  const data = JSON.stringify({ channel_id: 'h1', state: 'degraded', health: '6 min behind', todo: null })
  const pending = absorb(nothing(4), { id: null, event: 'channel', data })
  expect(pending.seq).toBe(4)
  expect(pending.channels).toEqual([{ channel_id: 'h1', state: 'degraded', health: '6 min behind', todo: null }])
})

test('what cannot be read changes nothing', () => {
  const before = nothing(4)
  for (const data of ['', 'not json', 'null', '[]', '{"seq":"9"}']) {
    expect(absorb(before, { id: '9', event: 'change', data })).toBe(before)
  }
  expect(absorb(before, { ...change(9), event: 'unknown' })).toBe(before)
})

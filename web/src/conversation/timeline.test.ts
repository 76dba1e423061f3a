import { expect, test } from 'vitest'
import type { HistoryEvent, Message } from '../api/types'
import { fresher, join } from './join'
import { timeline } from './timeline'

const zone = 'Europe/London'
const now = Date.parse('2026-10-06T12:00:00Z')

const said = (seq: number, given: Partial<Message> = {}): Message =>
  ({ id: `m${seq}`, seq, at: '2026-10-06T09:02:00Z', kind: 'message', direction: 'in', channel_id: 'h1', ...given }) as Message
const did = (seq: number, kind: HistoryEvent['kind'] = 'claimed', at = '2026-10-06T09:03:00Z'): HistoryEvent =>
  ({ seq, kind, at, words: `${kind} ${seq}` }) as HistoryEvent
const shapes = (messages: Message[], events: HistoryEvent[] = []) => timeline(messages, events, now, zone).map((item) => item.type)

test('messages and events stand in the order they happened', () => {
  expect(shapes([said(1), said(4)], [did(2)])).toEqual(['day', 'message', 'event', 'message'])
})

test('an event that only repeats a message is left out', () => {
  expect(shapes([said(1)], [did(2, 'message'), did(3, 'delivered'), did(4, 'withdrawn')])).toEqual(['day', 'message', 'event'])
})

test('three quiet lines in a row fold into one, two do not', () => {
  expect(shapes([said(1)], [did(2), did(3)])).toEqual(['day', 'message', 'event', 'event'])
  const folded = timeline([said(1), said(9)], [did(2), did(3), did(4)], now, zone)
  expect(folded.map((item) => item.type)).toEqual(['day', 'message', 'run', 'message'])
  expect(folded[2]).toMatchObject({ events: [{ seq: 2 }, { seq: 3 }, { seq: 4 }] })
})

test('each day has its heading, by the library’s clock', () => {
  const items = timeline([said(1, { at: '2026-10-04T22:30:00Z' }), said(2, { at: '2026-10-04T23:30:00Z' }), said(3)], [], now, zone)
  expect(items.filter((item) => item.type === 'day').map((item) => item.text)).toEqual([
    'Sunday 4 October',
    'Yesterday, Monday 5 October',
    'Today, Tuesday 6 October',
  ])
})

test('a change of channel is marked; a note between is none', () => {
  expect(shapes([said(1), said(2, { kind: 'note', channel_id: null }), said(3)])).toEqual(['day', 'message', 'message', 'message'])
  const items = timeline([said(1), said(2, { channel_id: 'h2' })], [], now, zone)
  expect(items[2]).toMatchObject({ type: 'switch', to: 'h2' })
})

test('keys are unique', () => {
  const keys = timeline([said(1), said(5, { at: '2026-10-07T09:00:00Z' })], [did(2), did(3), did(4)], now, zone).map((item) => item.key)
  expect(new Set(keys).size).toBe(keys.length)
})

test('a newer part is laid over an older one where they touch', () => {
  const known = [said(1), said(2), said(3)]
  expect(join(known, [said(3), said(4)], true).map((one) => one.seq)).toEqual([1, 2, 3, 4])
})

test('a gap is not shown as if it were none', () => {
  expect(join([said(1), said(2)], [said(8), said(9)], true).map((one) => one.seq)).toEqual([8, 9])
})

test('what was withdrawn does not come back', () => {
  expect(join([said(1), said(2), said(3)], [said(1), said(3)], false).map((one) => one.seq)).toEqual([1, 3])
  expect(join([said(1), said(2), said(3), said(4)], [said(2), said(4)], true).map((one) => one.seq)).toEqual([1, 2, 4])
})

test('of two readings of a message the fresh one counts', () => {
  expect(fresher([said(1, { text: 'old' })], [said(1, { text: 'new' })])).toMatchObject([{ text: 'new' }])
})

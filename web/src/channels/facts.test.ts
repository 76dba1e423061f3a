import { expect, test } from 'vitest'
import type { Channel } from '../api/types'
import { gone } from './facts'
import { loud, summary } from './health'

test.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [60_000, '1 minute ago'],
  [59 * 60_000, '59 minutes ago'],
  [3_600_000, '1 hour ago'],
  [47 * 3_600_000, '47 hours ago'],
  [5 * 86_400_000, '5 days ago'],
])('%i ms ago', (ms, words) => {
  const now = Date.parse('2026-10-06T12:00:00Z')
  expect(gone(new Date(now - ms).toISOString(), now)).toBe(words)
})

test('what never was is said so', () => expect(gone(null, 0)).toBe('never'))

const channel = (given: Partial<Channel>) => ({ name: 'North', health: 'Up to date', state: 'active', budget: null, ...given }) as Channel
const spent = { currency: 'USD', spent_micros: 5, limit_micros: 5, left_micros: 0, used_up: true, words: '' }

test('a channel that is down or has used its money up is told of everywhere; one that is behind is not', () => {
  expect(loud(channel({ state: 'needs_signin' }))).toBe(true)
  expect(loud(channel({ state: 'blocked' }))).toBe(true)
  expect(loud(channel({ state: 'degraded', budget: spent }))).toBe(true)
  expect(loud(channel({ state: 'degraded' }))).toBe(false)
  expect(loud(channel({ state: 'paused' }))).toBe(false)
})

test('the worst channel comes first', () => {
  const all = [channel({ name: 'A' }), channel({ name: 'B', state: 'degraded', health: 'Behind' }), channel({ name: 'C', state: 'blocked', health: 'Shut out' })]
  expect(summary(all)).toEqual({ tone: 'stopped', head: 'C: Shut out', rest: '1 more needs a look, 1 other channel is up to date' })
})

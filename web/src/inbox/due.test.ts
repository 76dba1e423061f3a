import { expect, test } from 'vitest'
import { dueStamp } from './due'

const zone = 'America/New_York'
const now = Date.parse('2026-10-06T14:31:00Z') // Tuesday 10:31 there
const minutes = (count: number) => now + count * 60_000

test.each([
  [minutes(329), 'DUE 16:00', 'ok'],
  [minutes(61), 'DUE 11:32', 'ok'],
  [minutes(60), 'DUE 11:31', 'due'],
  [minutes(20), 'DUE 10:51', 'due'],
  [minutes(0), 'DUE 10:31', 'due'],
  [minutes(-0.5), '1 MIN LATE', 'late'],
  [minutes(-14), '14 MIN LATE', 'late'],
  [minutes(-59), '59 MIN LATE', 'late'],
  [minutes(-60), '1 H LATE', 'late'],
  [minutes(-47 * 60), '47 H LATE', 'late'],
  [minutes(-48 * 60), '2 DAYS LATE', 'late'],
  [minutes(24 * 60), 'DUE TOMORROW', 'ok'],
  [minutes(14 * 60), 'DUE TOMORROW', 'ok'],
  [minutes(2 * 24 * 60), 'DUE THU', 'ok'],
  [minutes(9 * 24 * 60), 'DUE IN 9 DAYS', 'ok'],
])('the stamp of %i', (at, text, tone) => {
  expect(dueStamp(at, now, zone)).toEqual({ text, tone })
})

test('a due time just after midnight is tomorrow and still pressing', () => {
  const late = Date.parse('2026-10-07T03:40:00Z') // 23:40 there
  expect(dueStamp(late + 30 * 60_000, late, zone)).toEqual({ text: 'DUE TOMORROW', tone: 'due' })
})

test('a night in which the clocks change is one day', () => {
  const before = Date.parse('2026-11-01T03:00:00Z') // Saturday 23:00, clocks go back at 2
  expect(dueStamp(before + 25 * 3_600_000, before, zone).text).toBe('DUE TOMORROW')
})

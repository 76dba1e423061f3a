import { expect, test } from 'vitest'
import { chosen, moments, shown } from './moments'

const zone = 'Europe/Berlin'
const at = (text: string) => Date.parse(text)

test('a Thursday noon: three hours, then mornings by the library’s clock, none twice', () => {
  const now = at('2026-10-01T12:00:00+02:00')
  expect(moments(now, zone).map((one) => [one.words, new Date(one.at).toISOString()])).toEqual([
    ['In three hours', '2026-10-01T13:00:00.000Z'],
    ['Tomorrow morning', '2026-10-02T07:00:00.000Z'],
    ['In two days', '2026-10-03T07:00:00.000Z'],
    ['Monday morning', '2026-10-05T07:00:00.000Z'],
    ['In a week', '2026-10-08T07:00:00.000Z'],
  ])
})

test('on a Sunday tomorrow is Monday, once; on a Monday the next Monday is in a week', () => {
  expect(moments(at('2026-10-04T12:00:00+02:00'), zone).map((one) => one.words)).toEqual(['In three hours', 'Tomorrow morning', 'In two days', 'In a week'])
  expect(moments(at('2026-10-05T12:00:00+02:00'), zone).map((one) => one.words)).toEqual(['In three hours', 'Tomorrow morning', 'In two days', 'Monday morning'])
})

test('nine is nine on the wall on both sides of a clock change', () => {
  const before = moments(at('2026-10-24T12:00:00+02:00'), zone).find((one) => one.words === 'Tomorrow morning')!
  expect(new Date(before.at).toISOString()).toBe('2026-10-25T08:00:00.000Z')
})

test('a date box is read by the library’s clock, wherever the browser is; the past is no moment', () => {
  const now = at('2026-10-01T12:00:00Z')
  expect(chosen('2026-12-01T09:30', now, zone)).toBe(at('2026-12-01T09:30:00+01:00'))
  expect(chosen('2026-10-01T13:59', now, zone)).toBeNull()
  expect(chosen('', now, zone)).toBeNull()
})

test('a moment is shown with its day', () => {
  expect(shown(at('2026-10-05T09:00:00+02:00'), at('2026-10-01T12:00:00Z'), zone)).toBe('Mon 5 Oct, 9:00')
})

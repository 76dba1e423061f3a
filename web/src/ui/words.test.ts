import { expect, test } from 'vitest'
import { measured } from '../composer/measure'
import { initialsOf } from './initials'
import { linkify } from './linkify'
import { size } from './size'
import { ago, hourMinute } from './time'

test('web addresses become links without the sentence around them', () => {
  expect(linkify('See https://library.example/faq/41. Thanks')).toEqual([
    { text: 'See ' },
    { text: 'https://library.example/faq/41', href: 'https://library.example/faq/41' },
    { text: '. Thanks' },
  ])
  expect(linkify('(https://a.example/b)')[1]?.href).toBe('https://a.example/b')
  expect(linkify('https://a.example/b_(c)')[0]?.href).toBe('https://a.example/b_(c)')
})

test('nothing but http and https becomes a link, and no word is lost', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,hi', 'file:///etc/passwd', 'https://', 'no link', '']) {
    expect(linkify(text).some((piece) => piece.href)).toBe(false)
    expect(linkify(text).map((piece) => piece.text).join('')).toBe(text)
  }
  const long = 'a https://x.example/?q=1&r=2, b http://y.example! c'
  expect(linkify(long).map((piece) => piece.text).join('')).toBe(long)
})

test.each([
  ['Amara Osei', 'AO'],
  ['Ms Kaur, Riverside Primary', 'MP'],
  ['Øyvind', 'Ø'],
  ['(406) 555-0148', '4'],
  ['@tamsin_reads', 'T'],
  ['', '?'],
])('initials of %s', (name, letters) => expect(initialsOf(name)).toBe(letters))

test.each([
  [1, '1 byte'],
  [812, '812 bytes'],
  [14_200, '14 kB'],
  [2_310_000, '2.3 MB'],
  [40_000_000, '40 MB'],
])('%i bytes in words', (bytes, words) => expect(size(bytes)).toBe(words))

test('how long ago, in the room a list has', () => {
  const now = Date.parse('2026-10-06T14:31:00Z')
  const told = (minutes: number) => ago(now - minutes * 60_000, now, 'Europe/London')
  expect([0.5, 4, 120, 2 * 1440, 95 * 1440, 300 * 1440].map(told)).toEqual(['now', '4m', '2h', 'Sun', '3 Jul', '10 Dec 2025'])
  expect(hourMinute(Date.parse('2026-10-06T08:02:00Z'), 'Europe/London')).toBe('9:02')
  expect(hourMinute(Date.parse('2026-10-06T23:05:00Z'), 'Europe/London')).toBe('0:05')
})

test('what a reply would become is said only where it is worth saying', () => {
  const would = (given: object) => measured({ used: 1, limit: { max: 100, unit: 'characters' }, parts: 1, notes: [], refused: null, ...given })
  expect(would({ used: 79 })).toBeNull()
  expect(would({ used: 99 })).toBe('1 character left.')
  expect(would({ used: 96, limit: { max: 100, unit: 'bytes' } })).toBe('4 bytes left.')
  expect(would({ used: 140, parts: 2 })).toBe('Leaves as 2 messages.')
  expect(would({ limit: { max: 10, unit: 'segments' } })).toBe('1 text message.')
  expect(would({ used: 2, limit: { max: 10, unit: 'segments' }, notes: ['“ě” makes it so.'] })).toBe('2 text messages. “ě” makes it so.')
  expect(would({ used: null, limit: null, parts: 0 })).toBeNull()
})

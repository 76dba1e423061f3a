import { expect, test } from 'vitest'
import { ariaKeys, isPressable, keyLabel, Sequence, takesText, wordOf } from './keys'

const press = (key: string, given: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...given,
})

test.each([
  [press('j'), 'j'],
  [press('A', { shiftKey: true }), 'A'],
  [press('A'), 'a'],
  [press('a', { shiftKey: true }), 'A'],
  [press('?', { shiftKey: true }), '?'],
  [press('Enter', { ctrlKey: true }), 'Control+Enter'],
  [press('Enter', { metaKey: true }), 'Control+Enter'],
  [press('Enter', { ctrlKey: true, shiftKey: true }), 'Control+Shift+Enter'],
  [press('F6', { shiftKey: true }), 'Shift+F6'],
  [press('K', { ctrlKey: true }), 'Control+k'],
  [press('a', { altKey: true }), null],
  [press('Shift', { shiftKey: true }), null],
])('a press is read as a word, Caps Lock or not', (given, word) => {
  expect(wordOf(given)).toBe(word)
})

test('g then d is one word for a second, and two after that', () => {
  const sequence = new Sequence()
  expect(sequence.next('g', 0)).toEqual(['g'])
  expect(sequence.next('d', 900)).toEqual(['g d', 'd'])
  sequence.next('g', 2_000)
  expect(sequence.next('d', 3_100)).toEqual(['d'])
  sequence.next('g', 4_000)
  sequence.clear()
  expect(sequence.next('d', 4_100)).toEqual(['d'])
})

test('letters are letters where text goes', () => {
  const made = (html: string) => {
    document.body.innerHTML = html
    return document.body.firstElementChild
  }
  expect(takesText(made('<textarea></textarea>'))).toBe(true)
  expect(takesText(made('<input type="search">'))).toBe(true)
  expect(takesText(made('<select></select>'))).toBe(true)
  expect(takesText(made('<input type="radio">'))).toBe(false)
  expect(takesText(made('<button>Grab</button>'))).toBe(false)
  expect(takesText(document.body)).toBe(false)
  expect(isPressable(made('<a href="/desk">My desk</a>'))).toBe(true)
  expect(isPressable(document.body)).toBe(false)
})

test('keys are written for eyes and for screen readers', () => {
  expect(keyLabel('A')).toBe('Shift A')
  expect(keyLabel('g d')).toBe('G then D')
  expect(keyLabel('Control+Enter')).toMatch(/^(Ctrl|⌘) ↵$/)
  expect(ariaKeys(['A'])).toBe('Shift+A')
  expect(ariaKeys(['o', 'Enter'])).toBe('o Enter')
  expect(ariaKeys(['g d'])).toBeUndefined()
  expect(ariaKeys([])).toBeUndefined()
})

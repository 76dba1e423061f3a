import { expect, test } from 'vitest'
import { suggestions, taken } from './operators'

const names = { staff: ['Nora Whitfield', 'Dev Rao'], desks: ['Reference', 'E-books'], branches: ['Central'], channels: ['Ask us'], tags: ['Large print', 'Lost'] }
const offered = (text: string, caret = text.length) => suggestions(text, caret, names).map((one) => one.put)

test.each([
  ['', []],
  ['kindle ', []],
  ['o', ['owner:', 'on:']],
  ['kindle -o', ['-owner:', '-on:']],
  ['IS:l', ['is:late']],
  ['owner:', ['owner:me', 'owner:none', 'owner:"Nora Whitfield"', 'owner:"Dev Rao"']],
  ['owner:whit', ['owner:"Nora Whitfield"']],
  ['tag:"large p', ['tag:"Large print"']],
  ['tag:l', ['tag:"Large print"', 'tag:Lost']],
  ['from:nora', []],
  ['"is:', []],
  ['colour:b', []],
  ['-is:spa', ['-is:spam']],
  ['is:spam', []],
])('while %j is typed, %j are offered', (text, expected) => {
  expect(offered(text)).toEqual(expected)
})

test('what is taken stands in place of what was typed, and the rest stays', () => {
  const take = (text: string, caret: number) => taken(text, caret, suggestions(text, caret, names)[0]!)
  expect(take('kindle is:l', 11)).toEqual({ text: 'kindle is:late ', caret: 15 })
  expect(take('kindle -ta more', 10)).toEqual({ text: 'kindle -tag:more', caret: 12 })
  expect(take('tag:"large p', 12)).toEqual({ text: 'tag:"Large print" ', caret: 18 })
  expect(take('is:la kindle', 5)).toEqual({ text: 'is:late kindle', caret: 8 })
})

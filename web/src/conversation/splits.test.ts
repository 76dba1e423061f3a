import { expect, test } from 'vitest'
import type { Message } from '../api/types'
import { usual, wrong } from './splits'

const said = (...directions: Message['direction'][]) => directions.map((direction, at) => ({ id: `${at}`, direction }) as Message)

test('at first the message that was read goes, with what came after it', () => {
  const all = said('in', 'out', 'in', 'inside', 'in')
  expect(usual(all, '2')).toEqual(['2', '3', '4'])
  expect(usual(all, null)).toEqual(['4'])
  expect(usual(all, '0')).toEqual(['4'])
  expect(usual(said('in', 'out'), null)).toEqual([])
})

test('something of the patron goes, and something of the patron stays', () => {
  const all = said('in', 'out', 'in')
  expect(wrong(all, new Set(['2', '1']))).toBe('')
  expect(wrong(all, new Set(['1']))).toContain('Choose')
  expect(wrong(all, new Set(['0', '2']))).toContain('Leave')
  expect(wrong(said('in', 'out'), new Set(['0']))).toContain('one thing only')
})

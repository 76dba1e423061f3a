import { expect, test } from 'vitest'
import { named } from './merges'

test('a number and a link both name a conversation', () => {
  expect(named(' Q-20417 ')).toBe('Q-20417')
  expect(named('20417')).toBe('20417')
  const id = '0199a3c2-0000-7000-8000-000000000001'
  for (const link of [`https://desk.example/c/${id}`, `https://desk.example/q/all/${id}?text=pin`, `/desk/${id}#x`, `${id}/`]) {
    expect(named(link)).toBe(id)
  }
  expect(named('')).toBe('')
})

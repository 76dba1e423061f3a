import { expect, test } from 'vitest'
import { hold, settle, type Shown } from './merge'

const shown = (ids: string): Shown => ({ ids: [...ids], arrived: [], gone: new Set() })

test('holding moves nothing: newcomers are counted, leavers marked', () => {
  const held = hold(shown('abcd'), { ids: [...'xbda'], whole: true })
  expect(held.ids.join('')).toBe('abcd')
  expect(held.arrived).toEqual(['x'])
  expect([...held.gone]).toEqual(['c'])
})

test('a row beyond what was read again is not called gone', () => {
  const held = hold(shown('abcdef'), { ids: [...'abd'], whole: false })
  expect([...held.gone]).toEqual(['c'])
  expect(held.arrived).toEqual([])
})

test('settling shows the server’s order and keeps the deeper pages', () => {
  const settled = settle(shown('abcdef'), { ids: [...'xab'], whole: false })
  expect(settled.ids.join('')).toBe('xabdef')
  expect(settle(shown('abcdef'), { ids: [...'xab'], whole: true }).ids.join('')).toBe('xab')
  expect(settled.arrived).toEqual([])
  expect(settled.gone.size).toBe(0)
})

test('no row is ever shown twice', () => {
  const settled = settle(shown('abcdef'), { ids: [...'fab'], whole: false })
  expect(settled.ids.join('')).toBe('fabde')
})

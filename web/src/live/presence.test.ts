import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { roster } from '../channels/roster.svelte'
import { session } from '../session/session.svelte'
import { presence } from './presence.svelte'

const person = (id: string, public_name: string) => ({ id, name: public_name, public_name, initials: 'X', role: 'staff' as const, email: '', abilities: { skills: [], languages: [], live_at_once: 2 }, reviewed: false })
const at = (staff_id: string, left_ms: number, replying_left_ms = 0) => ({ conversation_id: 'c1', staff_id, left_ms, replying_left_ms })
const news = (...viewing: ReturnType<typeof at>[]) => ({ people: [{ staff_id: 'june', presence: 'at_desk' as const }], viewing, again_in_ms: 15_000 })

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(JSON.stringify(news())))))
  session.me = { staff: person('me', 'Ana'), library: { name: 'L', zone: 'UTC' }, seq: 0 } as never
  roster.staff = [person('june', 'June'), person('kofi', 'Kofi')]
})
afterEach(() => {
  presence.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('others are named with what they do; one who replies goes before those who look; oneself is not news', () => {
  presence.learn(news(at('me', 40_000), at('june', 40_000)))
  expect(presence.words('c1')).toBe('June is viewing')
  presence.learn(news(at('june', 40_000), at('kofi', 40_000)))
  expect(presence.words('c1')).toBe('June and Kofi are viewing')
  presence.learn(news(at('june', 40_000), at('kofi', 40_000, 9_000)))
  expect(presence.words('c1')).toBe('Kofi is replying')
  expect(presence.words('c2')).toBe('')
})

test('without any news replying becomes viewing, and viewing nothing', () => {
  presence.learn(news(at('june', 40_000, 20_000)))
  expect(presence.words('c1')).toBe('June is replying')
  vi.advanceTimersByTime(20_100)
  expect(presence.words('c1')).toBe('June is viewing')
  vi.advanceTimersByTime(20_000)
  expect(presence.words('c1')).toBe('')
})

test('who is not named is away; before anything is known nobody is', () => {
  expect(presence.isAway('kofi')).toBe(false)
  presence.learn(news())
  expect(presence.isAway('kofi')).toBe(true)
  expect(presence.isAway('june')).toBe(false)
  expect(presence.mine).toBe('away')
})

test('a page that is looked at beats, and one that is hidden leaves and is silent', async () => {
  const asked = vi.mocked(globalThis.fetch) as unknown as ReturnType<typeof vi.fn>
  const calls = () => asked.mock.calls.map(([request]) => `${(request as Request).method} ${new URL((request as Request).url).pathname}`)
  presence.start()
  presence.look('c1')
  await vi.advanceTimersByTimeAsync(30_000)
  expect(calls().filter((one) => one === 'PUT /api/v1/conversations/c1/presence')).toHaveLength(3)
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
  expect(calls().at(-1)).toBe('DELETE /api/v1/conversations/c1/presence')
  const before = asked.mock.calls.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.mock.calls.length).toBe(before)
  hidden.mockReturnValue(false)
  document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(0)
  expect(calls().at(-1)).toBe('PUT /api/v1/conversations/c1/presence')
  hidden.mockRestore()
})

import { afterEach, expect, test, vi } from 'vitest'
import { hrefOf, parse, router } from './router.svelte'

const at = (path: string) => parse(new URL(path, 'http://desk.example'))
const none = { saved: null, desk: null, channel: null, tag: null, text: '' }

afterEach(() => router.go('/desk', 'replace'))

test.each([
  ['/', { at: 'inbox', view: 'desk', cid: null, ...none }],
  ['/desk', { at: 'inbox', view: 'desk', cid: null, ...none }],
  ['/desk/c1', { at: 'inbox', view: 'desk', cid: 'c1', ...none }],
  ['/q/waiting/c1', { at: 'inbox', view: 'waiting', cid: 'c1', ...none }],
  ['/c/c9', { at: 'inbox', view: 'all', cid: 'c9', ...none }],
  ['/q/done?desk=d1&ch=h1&text=large%20print', { at: 'inbox', view: 'done', saved: null, cid: null, desk: 'd1', channel: 'h1', tag: null, text: 'large print' }],
  ['/v/s1', { at: 'inbox', view: 'all', cid: null, ...none, saved: 's1' }],
  ['/v/s1/c1', { at: 'inbox', view: 'all', cid: 'c1', ...none, saved: 's1' }],
  ['/held', { at: 'held' }],
  ['/reviews', { at: 'reviews' }],
  ['/v', { at: 'nowhere' }],
  ['/sign-in?link=abc', { at: 'sign-in', link: 'abc' }],
  ['/sign-in', { at: 'sign-in', link: null }],
  ['/settings/channels', { at: 'channels', kind: null, id: null, signin: null }],
  ['/settings/channels?signin=s1', { at: 'channels', kind: null, id: null, signin: 's1' }],
  ['/settings/channels/new/tower', { at: 'channels', kind: 'tower', id: null, signin: null }],
  ['/settings/channels/h1', { at: 'channels', kind: null, id: 'h1', signin: null }],
  ['/settings/others', { at: 'nowhere' }],
  ['/q/nonsense', { at: 'nowhere' }],
  ['/elsewhere', { at: 'nowhere' }],
])('%s is read', (path, route) => {
  expect(at(path)).toEqual(route)
})

test('what is written is read back as it was', () => {
  const filters = { desk: 'd1', channel: 'h1', tag: 't1', text: 'a & b = ?' }
  expect(at(hrefOf('unclaimed', 'c1', filters))).toEqual({ at: 'inbox', view: 'unclaimed', saved: null, cid: 'c1', ...filters })
})

test('back and forward are followed', () => {
  router.go('/q/mine/c1')
  // What a browser does on Back: first the address, then the event.
  history.replaceState(null, '', '/q/mine')
  dispatchEvent(new PopStateEvent('popstate'))
  expect(router.route).toMatchObject({ view: 'mine', cid: null })
})

test('hundreds of rows passed in a moment are few addresses for the browser, and the last one is right', () => {
  vi.useFakeTimers()
  const replace = vi.spyOn(history, 'replaceState')
  for (let row = 0; row < 300; row++) router.go(`/q/all/c${row}`, 'replace')
  expect(router.route).toMatchObject({ cid: 'c299' })
  router.go('/q/mine/c1')
  expect(replace.mock.calls.map(([, , href]) => href)).toEqual(['/q/all/c299'])
  expect(location.pathname).toBe('/q/mine/c1')
  router.go('/q/mine/c2', 'replace')
  router.go('/q/mine/c3', 'replace')
  vi.runAllTimers()
  expect(location.pathname).toBe('/q/mine/c3')
  expect(replace).toHaveBeenCalledTimes(2)
  replace.mockRestore()
  vi.useRealTimers()
})

test('a plain click on our own link stays in the page; others are the browser’s', () => {
  const link = document.createElement('a')
  link.href = '/q/snoozed'
  document.body.append(link)
  const click = (given: MouseEventInit = {}) => {
    const event = new MouseEvent('click', { bubbles: true, cancelable: true, button: 0, ...given })
    // Whatever the router leaves alone must not navigate the test away.
    addEventListener('click', (late) => late.preventDefault(), { once: true })
    link.dispatchEvent(event)
  }
  click({ ctrlKey: true })
  expect(router.route).toMatchObject({ view: 'desk' })
  link.href = '/api/v1/attachments/a1'
  click()
  expect(router.route).toMatchObject({ view: 'desk' })
  link.href = '/q/snoozed'
  click()
  expect(router.route).toMatchObject({ view: 'snoozed' })
  link.remove()
})

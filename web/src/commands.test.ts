import { afterEach, expect, test, vi } from 'vitest'
import { command, commands, keysOf, onKey } from './commands'
import { notices } from './frame/notices.svelte'
import { panes } from './frame/panes.svelte'
import { router } from './router.svelte'

afterEach(() => {
  panes.help = false
  notices.undo = null
  document.body.innerHTML = ''
  router.go('/desk', 'replace')
})

function press(key: string, given: KeyboardEventInit = {}, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...given })
  Object.defineProperty(event, 'target', { value: target })
  onKey(event)
  return event
}

test('no two commands share a key, a name or a title', () => {
  const keys = commands.flatMap((one) => one.keys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(new Set(commands.map((one) => one.id)).size).toBe(commands.length)
  expect(new Set(commands.map((one) => one.title)).size).toBe(commands.length)
})

test('no key belongs to the browser or to a screen reader', () => {
  for (const keys of commands.flatMap((one) => one.keys)) {
    expect(keys).not.toMatch(/Alt|Meta/)
    if (keys.startsWith('Control+')) expect(['Control+Enter', 'Control+Shift+Enter', 'Control+k']).toContain(keys)
  }
})

test('no key starts another command’s sequence', () => {
  const firsts = new Set(commands.flatMap((one) => one.keys.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0])))
  for (const first of firsts) expect(commands.some((one) => one.keys.includes(first ?? ''))).toBe(false)
})

test('what works while writing never writes', () => {
  for (const one of commands.filter((each) => each.whileWriting)) {
    for (const keys of one.keys) expect(keys.length).toBeGreaterThan(1)
  }
})

test('? opens the help sheet, but not from a text box', () => {
  document.body.innerHTML = '<textarea></textarea>'
  press('?', { shiftKey: true }, document.querySelector('textarea')!)
  expect(panes.help).toBe(false)
  const event = press('?', { shiftKey: true })
  expect(panes.help).toBe(true)
  expect(event.defaultPrevented).toBe(true)
})

test('under an open dialog the keys of the page rest', () => {
  const run = vi.fn()
  notices.undo = { label: 'Undo', run }
  panes.help = true
  press('z')
  expect(run).not.toHaveBeenCalled()
  panes.help = false
  press('z')
  expect(run).toHaveBeenCalledOnce()
})

test('g then u goes to Unclaimed; u alone goes nowhere', () => {
  press('u')
  expect(router.route).toMatchObject({ view: 'desk' })
  press('g')
  press('u')
  expect(router.route).toMatchObject({ view: 'unclaimed' })
})

test('a command that cannot be done now leaves the key alone', () => {
  expect(press('e').defaultPrevented).toBe(false)
  expect(press('z').defaultPrevented).toBe(false)
})

test('Enter on a link stays the link’s', () => {
  router.go('/desk/c1', 'replace')
  document.body.innerHTML = '<a href="/q/mine">Mine</a>'
  expect(press('Enter', {}, document.querySelector('a')!).defaultPrevented).toBe(false)
  expect(press('Enter').defaultPrevented).toBe(true)
})

test('buttons say their keys from the same list', () => {
  expect(keysOf('release')).toBe('Shift+A')
  expect(keysOf('send')).toBe('Control+Enter')
  expect(() => command('dance')).toThrow('dance')
})

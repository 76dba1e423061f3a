import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { able, becomes, faults, launch, mock, open, serve } from './support.ts'

let browser: Browser
let site: Awaited<ReturnType<typeof serve>>

const desktop: BrowserContextOptions = {}
const dark: BrowserContextOptions = { colorScheme: 'dark' }
const tablet: BrowserContextOptions = { viewport: { width: 1024, height: 768 } }
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const small: BrowserContextOptions = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }

const openFirst = async (page: Page) => {
  // The line about a channel pushes the list down when it comes: between press and release it would take the click away.
  await page.getByText('is not connected.').first().waitFor()
  await page.getByRole('row').getByRole('link').first().click()
  await page.locator('#timeline article').first().waitFor()
}
const openVisit = async (page: Page) => {
  await page.getByRole('link', { name: /Kaur/ }).first().click()
  await page.getByRole('button', { name: 'As it was formatted' }).click()
}

const channelsTested = async (page: Page) => {
  await page.getByRole('button', { name: 'Test again' }).first().click()
  await page.getByText('What to do: There is no folder').waitFor()
  await page.getByText('Connect another').waitFor()
}
const formRefused = async (page: Page) => {
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('This is needed.').first().waitFor()
  await page.getByText('More settings').click()
}

const states: [string, string, BrowserContextOptions, (page: Page) => Promise<unknown>][] = [
  ['list', '/desk', desktop, (page) => page.getByRole('grid').waitFor()],
  ['conversation', '/desk', desktop, openFirst],
  ['conversation, dark', '/desk', dark, openFirst],
  ['conversation, tablet', '/desk', tablet, openFirst],
  ['patron drawer, tablet', '/desk', tablet, async (page) => (await openFirst(page), await page.getByRole('button', { name: 'Patron' }).click())],
  ['list, phone', '/desk', phone, (page) => page.getByRole('grid').waitFor()],
  ['conversation, phone', '/desk', phone, openFirst],
  ['conversation, phone, dark', '/desk', { ...phone, ...dark }, openFirst],
  ['views, phone', '/desk', phone, (page) => page.getByRole('button', { name: 'More' }).click()],
  ['conversation, 320 px', '/desk', small, openFirst],
  ['formatted message', '/q/all?text=wheelchair', desktop, openVisit],
  ['staff note', '/desk', dark, async (page) => (await openFirst(page), await page.getByRole('radio', { name: 'Staff note' }).check())],
  ['what just happened', '/q/unclaimed', desktop, async (page) => (await openFirst(page), await page.keyboard.press('a'), await page.getByRole('region', { name: 'What just happened' }).waitFor())],
  ['palette', '/desk', desktop, async (page) => (await openFirst(page), await page.keyboard.press('Control+k'))],
  ['keys', '/desk', dark, async (page) => (await page.getByRole('grid').waitFor(), await page.keyboard.press('?'))],
  ['channels', '/settings/channels', desktop, channelsTested],
  ['channels, dark', '/settings/channels', dark, channelsTested],
  ['channels, phone', '/settings/channels', phone, channelsTested],
  ['channels, phone, dark', '/settings/channels', { ...phone, ...dark }, channelsTested],
  ['channels, 320 px', '/settings/channels', small, channelsTested],
  ['a channel to connect', '/settings/channels/new/a', desktop, formRefused],
  ['a channel to connect, dark', '/settings/channels/new/a', dark, formRefused],
  ['a channel to connect, phone', '/settings/channels/new/a', phone, formRefused],
  ['accounts to choose from', '/settings/channels?signin=s1', desktop, (page) => page.getByRole('radio').first().waitFor()],
  ['a channel that is down', '/desk', desktop, (page) => page.getByText('is not connected.').waitFor()],
  ['a channel that is down, phone', '/desk', phone, (page) => page.getByText('is not connected.').waitFor()],
  ['empty view', '/q/snoozed', desktop, (page) => page.getByText('Nothing is snoozed.').waitFor()],
  ['empty filter', '/q/all?text=xyzzy', desktop, (page) => page.getByRole('button', { name: 'Clear filters' }).waitFor()],
  ['unknown address', '/q/zzz', desktop, (page) => page.getByRole('link', { name: 'Go to My desk' }).waitFor()],
  ['unknown conversation', '/desk/00000000-0000-7000-8000-00000000ffff', desktop, (page) => page.getByRole('heading', { name: 'Not here' }).waitFor()],
]

describe.skipIf(!able)('FRM-1', () => {
  beforeAll(async () => {
    site = await serve()
    // An admin, a lost folder, a page that was signed out, and a sign-in that opened two.
    await becomes(site.url, 'admin')
    await mock(site.url, 'dark', { dark: true })
    await mock(site.url, 'down', { name: 'Library page' })
    await mock(site.url, 'end', { stage: 'choosing', what: 'Page', choices: [{ id: 'p1', name: 'Fernhill' }, { id: 'p2', name: 'Fernhill Teens' }] })
    browser = await launch()
  }, 30_000)
  afterAll(async () => {
    await browser.close()
    site.stop()
  })

  test.each(states)('%s: nothing for axe to find, nothing wider than the window, nothing against the policy', async (_, path, given, act) => {
    const { page, complaints } = await open(browser, site.url + path, given)
    await act(page)
    await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished)))
    expect(await faults(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expect(await page.evaluate(() => [...document.querySelectorAll('#pane-channels')].every((one) => one.scrollWidth <= one.clientWidth))).toBe(true)
    // The message under test brings a script of its own, which must not run.
    expect(complaints.filter((one) => !one.includes('Blocked script execution'))).toEqual([])
    await page.context().close()
  })

  test('sign-in: nothing for axe to find, also with an error on it', async () => {
    const { page } = await open(browser, `${site.url}/sign-in?link=spent`)
    await page.getByText('Sign in with your password below').waitFor()
    expect(await faults(page)).toEqual([])
    await page.context().close()
  })

  test('text at twice its size stays inside a small window', async () => {
    const { page } = await open(browser, `${site.url}/desk`, { viewport: { width: 640, height: 900 } })
    await openFirst(page)
    await page.evaluate(() => void (document.documentElement.style.fontSize = '200%'))
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await page.context().close()
  })
})

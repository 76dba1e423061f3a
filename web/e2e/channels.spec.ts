import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { able, becomes, deadline, launch, mock, open, serve } from './support.ts'

let browser: Browser
let site: Awaited<ReturnType<typeof serve>>
let page: Page
let complaints: string[]

const soon = (what: () => Promise<unknown> | unknown) => expect.poll(what, { timeout: deadline })
const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 40) ?? '')
const focusedId = () => page.evaluate(() => document.activeElement?.id ?? '')
const card = (name: string) => page.getByRole('article', { name })
const shownText = () => page.evaluate(() => document.body.innerText)

/** Tabs until something is reached, as one without a mouse does. */
async function tabTo(what: string | RegExp, most = 60): Promise<void> {
  const fits = (text: string) => (typeof what === 'string' ? text === what : what.test(text))
  for (let press = 0; press < most; press++) {
    await page.keyboard.press('Tab')
    const { text, id } = await page.evaluate(() => ({ text: document.activeElement?.textContent?.trim() ?? '', id: document.activeElement?.id ?? '' }))
    if (fits(text) || fits(id)) return
  }
  throw new Error(`${what} cannot be reached by Tab`)
}

describe.skipIf(!able)('the channels', () => {
  beforeAll(async () => {
    site = await serve()
    browser = await launch()
  }, 30_000)
  afterAll(async () => {
    await browser.close()
    site.stop()
  })
  beforeEach(async () => {
    await becomes(site.url, 'admin')
    await mock(site.url, 'up', { name: 'Library page' })
    await mock(site.url, 'dark', { dark: false })
    await mock(site.url, 'end', {})
    ;({ page, complaints } = await open(browser, `${site.url}/settings/channels`))
    await card('Library page').waitFor()
  })
  afterEach(async () => {
    await page.context().close()
    expect(complaints).toEqual([])
  })

  test('each says how it is, and what each of its streams is doing', async () => {
    await expect.poll(() => page.title()).toBe('Channels, Fernhill Libraries')
    expect(await card('Library page').innerText()).toContain('0.40 USD of 5.00 USD today')
    expect(await card('Library page').innerText()).toContain('12 more days')
    const rows = card('Library page').getByRole('row')
    expect(await rows.filter({ hasText: 'Messages' }).innerText()).toMatch(/Failing.*6 minutes ago.*6 min.*3/s)
    expect(await card('Library page').innerText()).toContain('Asked too often.')
  })

  test('CHN-1: a test that fails says what to do, and can be run again from where one stands', async () => {
    await mock(site.url, 'dark', { dark: true })
    const again = card('Ask a librarian').getByRole('button', { name: 'Test again' })
    await again.focus()
    await page.keyboard.press('Enter')
    const found = page.getByRole('list', { name: 'What the test of Ask a librarian found' })
    await found.getByText('What to do: There is no folder INBOX. Name another one under Settings.').waitFor()
    await soon(focused).toBe('Test again')
    await mock(site.url, 'dark', { dark: false })
    await page.keyboard.press('Enter')
    await found.getByText('All are there.').waitFor()
    expect(await found.innerText()).not.toContain('What to do')
    await soon(() => page.getByRole('status').first().innerText()).toContain('Ask a librarian: all in order')
  })

  test('CHN-2: a channel that goes down is told of on every screen, and mended from there', async () => {
    await page.goto(`${site.url}/desk`)
    await page.getByRole('grid').waitFor()
    await mock(site.url, 'down', { name: 'Library page' })
    const strip = page.locator('.strip')
    await strip.getByText('is not connected.').waitFor()
    expect(await strip.innerText()).toContain('The password was changed. Sign it in again.')
    await page.getByRole('link', { name: /Library page: Signed out/ }).waitFor()
    await strip.getByRole('button', { name: 'Sign in again' }).click()
    await page.getByText('Library page is connected.').waitFor()
    await mock(site.url, 'up', { name: 'Library page' })
    await soon(() => strip.count()).toBe(0)
  })

  test('whoever may not connect sees how it is and is told who may', async () => {
    await becomes(site.url, 'staff')
    await mock(site.url, 'down', { name: 'Library page' })
    await page.reload()
    await card('Library page').waitFor()
    expect(await page.locator('.strip').innerText()).toContain('is not connected.')
    for (const name of ['Sign in again', 'Switch off', 'Connect']) expect(await page.getByRole('button', { name }).count()).toBe(0)
    expect(await page.getByRole('link', { name: /Settings/ }).count()).toBe(0)
    await page.getByText('Somebody with the role admin connects channels').waitFor()
    await page.goto(`${site.url}/settings/channels/new/a`)
    await card('Library page').waitFor()
  })

  test('CHN-3: connected by keys alone; what is asked follows what was answered, and no secret stays', async () => {
    await tabTo(/^Letters/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Connect Letters' }).waitFor()
    await soon(focused).toBe('Connect Letters')
    await tabTo('field-channel-name')
    await page.keyboard.type('Second box')
    await tabTo('field-address')
    await page.keyboard.type('wrong')
    await tabTo('field-auth')
    await page.keyboard.press('ArrowDown')
    await page.getByLabel('Client id').waitFor()
    expect(await page.getByLabel('Password').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Sign in at the post' }).count()).toBe(1)
    await page.getByText('https://desk.example/connect/callback').waitFor()
    await page.keyboard.press('ArrowUp')
    await tabTo('field-password')
    expect(await page.locator('#field-password').getAttribute('type')).toBe('password')
    await page.keyboard.type('hunter2-hunter2')
    await page.keyboard.press('Enter')
    await page.getByText('"wrong" is no address.').waitFor()
    await soon(focused).toContain('Some settings cannot be used')
    expect(await page.locator('#field-address').getAttribute('aria-invalid')).toBe('true')
    await page.locator('#field-address').fill('second@library.example')
    await page.keyboard.press('Enter')
    await card('Second box').waitFor()
    expect(await page.content()).not.toContain('hunter2')
    await page.getByRole('link', { name: 'Settings of Second box' }).click()
    await page.getByPlaceholder('Kept. Leave empty to keep it').waitFor()
    expect(await page.locator('#field-password').inputValue()).toBe('')
    expect(await page.content()).not.toContain('hunter2')
  })

  test('what is missing is named beside its field, with focus on the first', async () => {
    await page.goto(`${site.url}/settings/channels/new/a`)
    await page.getByRole('button', { name: 'Connect' }).click()
    await soon(focusedId).toBe('field-channel-name')
    expect(await page.getByText('This is needed.').count()).toBe(3)
  })

  test('a sign-in that opened several accounts is a choice', async () => {
    await mock(site.url, 'end', { stage: 'choosing', what: 'Page', choices: [{ id: 'p1', name: 'Fernhill' }, { id: 'p2', name: 'Fernhill Teens' }] })
    await page.goto(`${site.url}/settings/channels/new/d`)
    await page.getByText('After that you choose the Page.').waitFor()
    await page.locator('#field-channel-name').fill('Teens')
    await page.getByLabel('App', { exact: true }).fill('app')
    await page.getByLabel('Its secret').fill('hunter2-hunter2')
    await page.getByRole('button', { name: 'Sign in at the page' }).click()
    await page.getByRole('radio', { name: 'Fernhill Teens' }).check()
    await page.keyboard.press('Enter')
    await page.getByText('is connected.').first().waitFor()
  })

  test('a sign-in that came to nothing says why, with focus on it', async () => {
    await mock(site.url, 'end', { stage: 'failed', why: 'This opens South, but Library page is North. Nothing was changed.' })
    await page.goto(`${site.url}/settings/channels?signin=s1`)
    await page.getByRole('alert').filter({ hasText: 'This opens South, but Library page is North.' }).waitFor()
    await soon(focused).toContain('The sign-in did not come to an end.')
    await page.goto(`${site.url}/settings/channels?signin=lost`)
    await page.getByRole('alert').filter({ hasText: 'begun in another browser' }).waitFor()
  })

  test('switched off and on, renamed, taken away', async () => {
    const one = card('Text line')
    await one.getByRole('button', { name: 'Switch off' }).click()
    await one.getByText('Switched off since').waitFor()
    await one.getByRole('button', { name: 'Switch on' }).click()
    await one.getByText('Up to date').waitFor()
    await page.goto(`${site.url}/settings/channels`)
    await page.getByRole('link', { name: 'Settings of Ask a librarian' }).click()
    await page.getByLabel('Name').fill('Ask the librarians')
    await page.getByRole('button', { name: 'Save' }).click()
    await card('Ask the librarians').waitFor()
    await page.getByRole('link', { name: 'Settings of Ask the librarians' }).click()
    page.on('dialog', (dialog) => void dialog.accept())
    await page.getByRole('button', { name: 'Take away' }).click()
    await soon(shownText).toContain('Ask the librarians was taken away')
    await card('Text line').waitFor()
    expect(await card('Ask the librarians').count()).toBe(0)
  })
})

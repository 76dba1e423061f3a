import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { able, deadline, faults, launch, open, serve } from './support.ts'

let browser: Browser
let site: Awaited<ReturnType<typeof serve>>
let page: Page
let complaints: string[]

const soon = (what: () => Promise<unknown> | unknown) => expect.poll(what, { timeout: deadline })
const files = () => page.getByRole('list', { name: 'Files of this answer' }).getByRole('listitem')
const shown = () => files().allInnerTexts()
const send = () => page.getByRole('button', { name: 'Send' })
const text = (name: string, words = 'some words') => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) })

/** The composer of the first open conversation of this channel that nobody has and that is private. */
async function answering(fits: (can: { level: string; kinds: { content_type: string }[] }) => boolean): Promise<void> {
  const path = await page.evaluate(async () => {
    const read = async (from: string) => (await (await fetch(`/api/v1/${from}`)).json()).items
    return { channels: await read('channels'), rows: await read('conversations?view=unclaimed&limit=100') }
  })
  const channels = path.channels as { id: string; capabilities: { attachments: Parameters<typeof fits>[0] } }[]
  const wanted = channels.filter((one) => fits(one.capabilities.attachments)).map((one) => one.id)
  const row = (path.rows as { id: string; channel_id: string; visibility: string }[]).find((one) => wanted.includes(one.channel_id) && one.visibility === 'private')
  await page.goto(`${site.url}/desk/${row?.id}`)
  await page.locator('#timeline article').first().waitFor()
  await page.keyboard.press('r')
  await page.locator('#composer-text').waitFor()
}
const any = (can: { kinds: { content_type: string }[] }) => can.kinds.some((kind) => kind.content_type === '*/*')

/** As the browser gives what is pasted or dropped. */
async function give(how: 'paste' | 'drop', name: string): Promise<void> {
  await page.locator(how === 'paste' ? '#composer-text' : '#composer').evaluate(
    (node, { how, name }) => {
      const data = new DataTransfer()
      data.items.add(new File(['given'], name, { type: 'text/plain' }))
      const about = { bubbles: true, cancelable: true }
      node.dispatchEvent(how === 'paste' ? new ClipboardEvent('paste', { ...about, clipboardData: data }) : new DragEvent('drop', { ...about, dataTransfer: data }))
    },
    { how, name },
  )
}

describe.skipIf(!able)('files of an answer', () => {
  beforeAll(async () => {
    site = await serve()
    browser = await launch()
  }, deadline)
  afterAll(async () => {
    await browser.close()
    site.stop()
  })
  beforeEach(async () => {
    ;({ page, complaints } = await open(browser, `${site.url}/desk`))
    await page.getByRole('grid').waitFor()
  })
  afterEach(async () => {
    await page.context().close()
    expect(complaints).toEqual([])
  })

  test('are chosen, pasted or dropped, survive a reload, can be removed by keyboard, and leave with the answer', async () => {
    await answering(any)
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach' }).press('Enter')
    await (await chooser).setFiles([text('Öffnungszeiten.txt'), text('plan.txt')])
    await soon(shown).toEqual([expect.stringContaining('Öffnungszeiten.txt'), expect.stringContaining('plan.txt')])
    await give('paste', 'pasted.txt')
    await give('drop', 'dropped.txt')
    await soon(() => files().count()).toBe(4)
    await soon(() => page.getByRole('progressbar').count()).toBe(0)
    expect(await faults(page)).toEqual([])

    await page.reload()
    await page.locator('#composer-text').waitFor()
    await soon(() => files().count()).toBe(4)
    await page.getByRole('button', { name: 'Remove pasted.txt' }).press('Enter')
    await soon(() => files().count()).toBe(3)
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Remove dropped.txt')

    // Without a word: the files are the answer.
    await soon(() => send().isEnabled()).toBe(true)
    await send().click()
    await soon(() => files().count()).toBe(0)
    const last = page.locator('#timeline article').last()
    await soon(() => last.getByRole('link', { name: 'Öffnungszeiten.txt' }).count()).toBe(1)
    expect(await last.getByRole('link').count()).toBe(3)

    await page.keyboard.press('z')
    await soon(() => files().count()).toBe(3)
  })

  test('that cannot go are refused at once in a sentence, and words and other files stay', async () => {
    await answering(any)
    await page.locator('#composer-text').fill('The plan of the ground floor.')
    const input = page.locator('#composer-files')
    await input.setInputFiles([text('plan.txt'), text('empty.txt', ''), ...['a', 'b', 'c', 'd', 'e'].map((name) => text(`${name}.txt`))])
    await soon(() => page.locator('#composer').innerText()).toContain('empty.txt is empty, so it was not added. 5 files can go with one answer here, so e.txt was not added.')
    await soon(() => files().count()).toBe(5)
    expect(await page.locator('#composer-text').inputValue()).toBe('The plan of the ground floor.')
    expect(await faults(page)).toEqual([])
  })

  test('say why where a channel carries none', async () => {
    await answering((can) => can.level === 'unsupported')
    await page.locator('#composer-text').fill('See the map.')
    await page.locator('#composer-files').setInputFiles([text('map.txt')])
    await soon(() => page.locator('#composer').innerText()).toContain('Text messages can carry files only when Deskbell has a public address.')
    expect(await files().count()).toBe(0)
    await soon(() => send().isEnabled()).toBe(true)
  })
})

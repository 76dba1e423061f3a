import { api, problemOf, take } from '../api/client'
import type { Message } from '../api/types'
import { notices } from '../frame/notices.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { rows } from '../inbox/rows.svelte'
import { router } from '../router.svelte'
import { settled } from './acts'
import { merge } from './merges'
import { threads } from './thread.svelte'

/** Part of a conversation becomes one of its own. */

/** What is chosen at first: the message that was read and what came after it, or the last question. */
export function usual(said: readonly Message[], from: string | null): string[] {
  const read = said.findIndex((one) => one.id === from)
  const asked = said.findLastIndex((one) => one.direction === 'in')
  const first = read > 0 ? read : asked
  return first > 0 ? said.slice(first).map((one) => one.id) : []
}

/** Why it cannot be so yet, in words; empty when it can. */
export function wrong(said: readonly Message[], going: ReadonlySet<string>): string {
  const asked = said.filter((one) => one.direction === 'in')
  if (asked.length < 2) return 'The patron has said one thing only: there is nothing to split.'
  if (!asked.some((one) => going.has(one.id))) return 'Choose at least one message of the patron’s.'
  return asked.every((one) => going.has(one.id)) ? 'Leave at least one message of the patron’s.' : ''
}

export function lineOf(one: Message): string {
  return (one.reply_text || one.text).replace(/\s+/g, ' ').trim().slice(0, 120) || 'No text'
}

/** Gives why not, in words. */
export async function split(id: string, messages: string[]): Promise<string | null> {
  try {
    const row = await take(api.POST('/conversations/{id}/splits', { params: { path: { id } }, body: { messages } }))
    const from = rows.get(id)
    const words = `Q-${row.number} is split off.`
    settled(row, words)
    void threads.get(id).read(false)
    router.go(inbox.hrefTo(row.id))
    notices.did(words, from ? { label: 'Undo', run: () => void merge(row.id, from, row.patron.id !== from.patron.id) } : null)
    return null
  } catch (thrown) {
    void threads.get(id).read(false)
    return problemOf(thrown).message
  }
}

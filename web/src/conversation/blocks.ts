import { api, problemOf, take } from '../api/client'
import type { Block, Blocking } from '../api/types'
import { notices } from '../frame/notices.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { rows } from '../inbox/rows.svelte'
import { threads } from './thread.svelte'

/** Keeping somebody out, and letting in what was held because of it. */

export const lengths = [
  { days: 0, words: 'Until somebody ends it' },
  { days: 1, words: 'One day' },
  { days: 7, words: 'A week' },
  { days: 30, words: '30 days' },
  { days: 365, words: 'A year' },
] as const

/** What stands behind the @ of a mail address; null: it is none. */
export function domainOf(address: string): string | null {
  return /^[^@\s]+@([^@\s.]+(?:\.[^@\s.]+)+)$/.exec(address)?.[1]?.toLowerCase() ?? null
}

export function messages(count: number): string {
  return count === 1 ? 'One message' : `${count} messages`
}

/** Gives why not, in words. */
export async function block(id: string, blocking: Blocking): Promise<string | null> {
  try {
    const made = await take(api.PUT('/conversations/{id}/block', { params: { path: { id } }, body: blocking }))
    tell(id, `Blocked: ${made.whom}. What comes is held.`, { label: 'Undo', run: () => void unblock(id) })
    return null
  } catch (thrown) {
    return problemOf(thrown).message
  }
}

/** Whoever wrote last in this conversation. */
export async function unblock(id: string): Promise<void> {
  try {
    ended(await take(api.DELETE('/conversations/{id}/block', { params: { path: { id } } })), id)
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

/** One of the list. */
export async function lift(one: Block): Promise<void> {
  try {
    ended(await take(api.DELETE('/blocks/{id}', { params: { path: { id: one.id } } })), one.conversation_id)
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

/** Everything that it held. */
export async function letAllIn(id: string): Promise<void> {
  try {
    const { let_in, kept } = await take(api.POST('/blocks/{id}/release', { params: { path: { id } } }))
    const rest = kept ? ` ${messages(kept)} could not be read again and stayed.` : ''
    notices.did(`${messages(let_in)} let in, each at the time it has.${rest}`)
    void inbox.refresh()
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

/** One that is held; gives the conversation it is in now. */
export async function letIn(id: string): Promise<string | null> {
  try {
    const { conversation_id } = await take(api.POST('/held/{id}/release', { params: { path: { id } } }))
    notices.did('It is let in, at the time it has.')
    return conversation_id
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
    return null
  }
}

function ended(one: Block, conversation: string | null): void {
  const words = `Unblocked: ${one.whom}.`
  const offer = { label: `Let in ${messages(one.held).toLowerCase()}`, run: () => void letAllIn(one.id) }
  tell(conversation, one.held ? `${words} ${messages(one.held)} held.` : words, one.held ? offer : null)
}

function tell(id: string | null, words: string, undo: { label: string; run: () => void } | null): void {
  notices.did(words, undo)
  if (id && rows.get(id)) void threads.get(id).read(false)
  void inbox.refresh()
}

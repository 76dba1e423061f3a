import { api, problemOf, take } from '../api/client'
import type { Row, Tag } from '../api/types'
import { roster } from '../channels/roster.svelte'
import { notices } from '../frame/notices.svelte'
import { rows } from '../inbox/rows.svelte'
import { settled } from './acts'

/** What is said of a conversation besides: spam, urgent, tags, what it needs. Each can be taken back. */

const at = (id: string) => ({ params: { path: { id } } })

async function mark(call: Promise<Row>, words: string, undo: () => void): Promise<void> {
  try {
    settled(await call, words)
    notices.did(words, { label: 'Undo', run: undo })
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

export function spam(id: string): Promise<void> {
  return mark(take(api.PUT('/conversations/{id}/spam', at(id))), 'Marked as spam. What comes later stays with it.', () => void notSpam(id))
}

export function notSpam(id: string): Promise<void> {
  return mark(take(api.DELETE('/conversations/{id}/spam', at(id))), 'No spam: it is back with the wait it had.', () => void spam(id))
}

export function urgent(id: string): Promise<void> {
  return mark(take(api.PUT('/conversations/{id}/urgent', at(id))), 'Urgent: it comes after what is late.', () => void notUrgent(id))
}

export function notUrgent(id: string): Promise<void> {
  return mark(take(api.DELETE('/conversations/{id}/urgent', at(id))), 'Not urgent: it waits its turn.', () => void urgent(id))
}

export function tag(id: string, one: Tag, bears: boolean): Promise<void> {
  const path = { params: { path: { id, tag_id: one.id } } }
  const call = bears ? api.PUT('/conversations/{id}/tags/{tag_id}', path) : api.DELETE('/conversations/{id}/tags/{tag_id}', path)
  return mark(take(call), bears ? `Tagged ${one.name}.` : `${one.name} is off.`, () => void tag(id, one, !bears))
}

/** Whom it waits for; null: anybody. */
export function needs(id: string, { skill, language }: Pick<Row, 'skill' | 'language'>): Promise<void> {
  const before = rows.get(id)
  const undo = () => void needs(id, { skill: before?.skill ?? null, language: before?.language ?? null })
  const call = take(api.PUT('/conversations/{id}/needs', { ...at(id), body: { skill, language } }))
  return mark(call, skill || language ? 'Claim next gives it only to who can do that.' : 'Claim next gives it to anybody.', undo)
}

/** The tag, on everybody's list; null when it could not be put there. */
export async function addTag(name: string): Promise<Tag | null> {
  try {
    const made = await take(api.POST('/tags', { body: { name } }))
    await roster.loadTags()
    return made
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
    return null
  }
}

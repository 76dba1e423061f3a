import { api, problemOf, take } from '../api/client'
import type { Described, Patron } from '../api/types'
import { notices } from '../frame/notices.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { threads } from '../conversation/thread.svelte'

/** What colleagues know about whoever asks. None of it is ever sent. */

const at = (id: string) => ({ params: { path: { id } } })

/** True when it was done; whatever is open is read anew. */
async function did(act: Promise<unknown>, words: string, undo?: () => void): Promise<boolean> {
  try {
    await act
    if (words) notices.did(words, undo && { label: 'Undo', run: undo })
    return true
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
    return false
  } finally {
    if (inbox.chosen) void threads.get(inbox.chosen).read(false)
  }
}

export const describe = (id: string, body: Described): Promise<boolean> =>
  did(take(api.PUT('/patrons/{id}', { ...at(id), body })), 'Written down.')

export const note = (id: string, text: string): Promise<boolean> => did(take(api.POST('/patrons/{id}/notes', { ...at(id), body: { text } })), '')

export const changeNote = (id: string, text: string): Promise<boolean> => did(take(api.PUT('/patron-notes/{id}', { ...at(id), body: { text } })), '')

export const removeNote = (patron: string, id: string, text: string): Promise<boolean> =>
  did(take(api.DELETE('/patron-notes/{id}', at(id))), 'The note is gone.', () => void note(patron, text))

export const unite = (one: string, other: { id: string; name: string }, goes: string, checked: string): Promise<boolean> =>
  did(take(api.PUT('/patrons/{id}/union', { ...at(one), body: { with: other.id, checked } })), 'One person from now on.', () => void part(goes))

export const part = (id: string): Promise<boolean> => did(take(api.DELETE('/patrons/{id}/union', at(id))), 'Two people again, as they were.')

/** "Text message to +1 406 555 0193, after 5 pm". */
export function answerBy(patron: Patron): string {
  const { words = null, hours = null } = patron.answer_by ?? {}
  return [words, hours].filter(Boolean).join(', ')
}

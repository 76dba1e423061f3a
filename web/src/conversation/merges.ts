import { api, problemOf, take } from '../api/client'
import type { Row } from '../api/types'
import { notices } from '../frame/notices.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { rows } from '../inbox/rows.svelte'
import { router } from '../router.svelte'
import { settled } from './acts'
import { threads } from './thread.svelte'

/** Part of another conversation, and by itself again. */

const at = (id: string) => ({ params: { path: { id } } })

/** What was pasted or typed, as the server takes it: a number, or the id at the end of a link. */
export function named(text: string): string {
  const path = text.trim().split(/[?#]/)[0] ?? ''
  return path.split('/').filter(Boolean).pop() ?? ''
}

export async function merge(id: string, into: Row, twoPatrons: boolean): Promise<void> {
  try {
    const row = await take(api.PUT('/conversations/{id}/merge', { ...at(id), body: { into: into.id, two_patrons: twoPatrons } }))
    const words = `Merged into Q-${row.number}.`
    settled(row, words)
    // Whoever did it goes where it went.
    router.go(inbox.hrefTo(row.id))
    await threads.get(id).read(false)
    notices.did(words, { label: 'Undo', run: () => void undo(id) })
  } catch (thrown) {
    notices.failed(`Not merged. ${problemOf(thrown).message}`)
  }
}

export async function undo(id: string): Promise<void> {
  const into = rows.get(id)?.merged_into
  try {
    const row = await take(api.DELETE('/conversations/{id}/merge', at(id)))
    settled(row, 'By itself again')
    if (into) void threads.get(into).read(false)
    router.go(inbox.hrefTo(row.id))
    notices.did(`Q-${row.number} stands by itself again, as it was.`)
  } catch (thrown) {
    notices.failed(problemOf(thrown).message)
  }
}

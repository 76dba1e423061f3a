import { api, take } from '../api/client'
import { roster } from '../channels/roster.svelte'
import { handoffs } from '../conversation/handoffs.svelte'
import { reviews } from '../conversation/reviews.svelte'
import { threads } from '../conversation/thread.svelte'
import { watching } from '../conversation/watching.svelte'
import { inbox } from '../inbox/inbox.svelte'
import { rows } from '../inbox/rows.svelte'
import { presence } from './presence.svelte'
import type { Pending } from './reduce'

/** Brings what happened elsewhere onto the screen. */
export function show(pending: Pending): void {
  pending.channels.forEach((change) => roster.update(change))
  if (pending.presence) presence.learn(pending.presence)
  if (!pending.touched.size) return
  for (const [id, change] of pending.touched) {
    rows.heard(id, change)
    watching.heard(id, change)
    threads.touched(id, id === inbox.chosen)
  }
  void inbox.refresh()
  void handoffs.load()
  const waits = (id: string) => reviews.open.some((one) => one.conversation_id === id)
  if ([...pending.touched].some(([id, change]) => change.kind.startsWith('review_') || waits(id))) void reviews.load()
}

/** After a drop: the events themselves are replayed, but what was asked for meanwhile may have failed. */
export function catchUp(): void {
  void roster.load().catch(() => {})
  void inbox.refresh()
  void handoffs.load()
  void reviews.load()
  if (inbox.chosen) void threads.get(inbox.chosen).read(true)
}

/** The newest event there is. */
export async function newest(): Promise<number> {
  return (await take(api.GET('/me'))).seq
}

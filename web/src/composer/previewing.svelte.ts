import { api, take } from '../api/client'
import type { components } from '../api/schema'
import { announcer } from '../live/announcer.svelte'
import { measured } from './measure'

export type Preview = components['schemas']['Preview']

/** So long somebody must pause before the server is asked what their words would become. */
export const PAUSE_MS = 300

/** What a reply that is being written would become. */
export class Previewing {
  /** Of the words as they were when the writer last paused. */
  seen = $state.raw<(Preview & { text: string; way: string | null }) | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0

  constructor(readonly conversation: string) {}

  /** Takes note of the words as they are now. */
  watch(text: string, way: string | null): void {
    clearTimeout(this.#timer)
    this.#turn += 1
    if (!text.trim()) this.seen = null
    else if (this.seen?.text !== text || this.seen.way !== way) {
      const turn = this.#turn
      this.#timer = setTimeout(() => void this.#ask(text, way, turn), PAUSE_MS)
    }
  }

  /** Why these very words would be refused; null: they would not, or nobody has looked yet, and then the server decides. */
  refuses(text: string): string | null {
    return this.seen?.text === text ? this.seen.refused : null
  }

  async #ask(text: string, way: string | null, turn: number): Promise<void> {
    const path = { id: this.conversation }
    const body = { text, ...(way && { way }) }
    const found = await take(api.POST('/conversations/{id}/preview', { params: { path }, body })).catch(() => null)
    if (turn !== this.#turn) return
    const before = this.seen
    this.seen = found && { ...found, text, way }
    if (!found) return
    // Only what changes for the writer is spoken, not each count.
    if (found.refused && found.refused !== before?.refused) announcer.did(found.refused)
    else if (!found.refused && found.limit?.unit === 'segments' && before && found.used !== before.used) announcer.did(measured(found) ?? '')
  }
}

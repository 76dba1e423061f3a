import { api, take } from '../api/client'
import type { components } from '../api/schema'
import { announcer } from '../live/announcer.svelte'
import { measured } from './measure'

export type Preview = components['schemas']['Preview']

/** So long somebody must pause before the server is asked what their words would become. */
export const PAUSE_MS = 300

/** Of what. */
interface Looked {
  text: string
  way: string | null
  files: string
}

/** What a reply that is being written would become. */
export class Previewing {
  /** Of the words as they were when the writer last paused. */
  seen = $state.raw<(Preview & Looked) | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0

  constructor(readonly conversation: string) {}

  /** Takes note of the words as they are now. */
  watch(text: string, way: string | null, ids: readonly string[] = []): void {
    clearTimeout(this.#timer)
    this.#turn += 1
    const files = ids.join()
    if (!text.trim() && !files) this.seen = null
    else if (this.seen?.text !== text || this.seen.way !== way || this.seen.files !== files) {
      const turn = this.#turn
      this.#timer = setTimeout(() => void this.#ask(text, way, ids, turn), PAUSE_MS)
    }
  }

  /** Why this very answer would be refused; null: they would not, or nobody has looked yet, and then the server decides. */
  refuses(text: string, ids: readonly string[] = []): string | null {
    return this.seen?.text === text && this.seen.files === ids.join() ? this.seen.refused : null
  }

  async #ask(text: string, way: string | null, ids: readonly string[], turn: number): Promise<void> {
    const path = { id: this.conversation }
    const body = { text, ...(way && { way }), ...(ids.length && { files: [...ids] }) }
    const found = await take(api.POST('/conversations/{id}/preview', { params: { path }, body })).catch(() => null)
    if (turn !== this.#turn) return
    const before = this.seen
    this.seen = found && { ...found, text, way, files: ids.join() }
    if (!found) return
    // Only what changes for the writer is spoken, not each count.
    if (found.refused && found.refused !== before?.refused) announcer.did(found.refused)
    else if (!found.refused && found.limit?.unit === 'segments' && before && found.used !== before.used) announcer.did(measured(found) ?? '')
  }
}

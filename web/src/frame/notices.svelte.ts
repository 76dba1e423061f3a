import { announcer } from '../live/announcer.svelte'

export interface Undo {
  label: string
  run: () => void
}

export interface Notice {
  key: number
  text: string
  tone: 'plain' | 'bad'
  undo: Undo | null
}

const SHOWN_MS = 8_000

/** The one line that says what came of the last act, with its undo. */
class Notices {
  current = $state.raw<Notice | null>(null)
  /** Stays callable with `z` after the line has faded, until the next act. */
  undo = $state.raw<Undo | null>(null)
  #key = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  did(text: string, undo: Undo | null = null): void {
    announcer.did(text)
    if (undo) this.undo = undo
    this.#show(text, 'plain', undo)
  }

  failed(text: string): void {
    announcer.did(text)
    this.#show(text, 'bad', null)
  }

  /** For a lost claim or an answer that did not leave: spoken at once. */
  lost(text: string): void {
    announcer.warn(text)
    this.#show(text, 'bad', null)
  }

  takeBack(): void {
    const undo = this.undo
    this.undo = null
    this.dismiss()
    undo?.run()
  }

  dismiss(): void {
    clearTimeout(this.#timer)
    this.current = null
  }

  /** Keeps the line while it is pointed at or focused. */
  stay(): void {
    clearTimeout(this.#timer)
  }

  fade(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.dismiss(), SHOWN_MS)
  }

  #show(text: string, tone: Notice['tone'], undo: Undo | null): void {
    this.current = { key: this.#key++, text, tone, undo }
    this.fade()
  }
}

export const notices = new Notices()

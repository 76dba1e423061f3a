import { SvelteSet } from 'svelte/reactivity'
import type { Kind } from './composing.svelte'

const PREFIX = 'deskbell.draft.'

/** Unsent words, kept on this machine: closing the tab, reloading or going back never loses them. */
class Drafts {
  /** Conversations with an unsent reply. */
  waiting = new SvelteSet<string>()
  #staff = ''

  open(staff: string): void {
    this.#staff = staff
    this.waiting.clear()
    for (const name of names()) {
      const [owner, conversation, kind] = name.slice(PREFIX.length).split('.')
      if (owner === staff && conversation && kind === 'reply') this.waiting.add(conversation)
    }
  }

  read(conversation: string, kind: Kind): string {
    try {
      return localStorage.getItem(this.#name(conversation, kind)) ?? ''
    } catch {
      return ''
    }
  }

  /** False when this browser keeps nothing. */
  keep(conversation: string, kind: Kind, text: string): boolean {
    const some = text.trim() !== ''
    if (kind === 'reply') this.waiting[some ? 'add' : 'delete'](conversation)
    try {
      const name = this.#name(conversation, kind)
      if (some) localStorage.setItem(name, text)
      else localStorage.removeItem(name)
      return true
    } catch {
      return false
    }
  }

  /** At sign-out: nobody else at this machine may find this person's words. */
  forget(): void {
    for (const name of names()) {
      if (name.startsWith(`${PREFIX}${this.#staff}.`)) localStorage.removeItem(name)
    }
    this.waiting.clear()
  }

  #name(conversation: string, kind: Kind): string {
    return `${PREFIX}${this.#staff}.${conversation}.${kind}`
  }
}

function names(): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))
  } catch {
    return []
  }
}

export const drafts = new Drafts()

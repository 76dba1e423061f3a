import { SvelteSet } from 'svelte/reactivity'
import { api, take } from '../api/client'
import type { Kind } from './composing.svelte'

type Kept = Kind | 'files' | `${Kind}-agreed`

const PREFIX = 'deskbell.draft.'

/** A file that waits on the server. */
export interface KeptFile {
  id: string
  name: string
  size: number
}

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
      if (owner === staff && conversation && (kind === 'reply' || kind === 'files')) this.waiting.add(conversation)
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
    const kept = this.#put(conversation, kind, text.trim() ? text : '')
    if (kind === 'reply') this.#wait(conversation, text.trim() !== '' || this.files(conversation).length > 0)
    return kept
  }

  /** The files that wait on the server for a reply. */
  files(conversation: string): KeptFile[] {
    try {
      return JSON.parse(localStorage.getItem(this.#name(conversation, 'files')) ?? '[]') as KeptFile[]
    } catch {
      return []
    }
  }

  keepFiles(conversation: string, files: readonly KeptFile[]): void {
    this.#put(conversation, 'files', files.length ? JSON.stringify(files) : '')
    this.#wait(conversation, files.length > 0 || this.read(conversation, 'reply') !== '')
  }

  /** What was last the same here and on the server; empty: nothing was. */
  agreed(conversation: string, kind: Kind): string {
    try {
      return localStorage.getItem(this.#name(conversation, `${kind}-agreed`)) ?? ''
    } catch {
      return ''
    }
  }

  agree(conversation: string, kind: Kind, what: string): void {
    this.#put(conversation, `${kind}-agreed`, what)
  }

  /** What waits to go to the server goes. */
  flush: () => Promise<unknown> = () => Promise.resolve()

  /** Those that were begun on another machine. */
  async learn(): Promise<void> {
    const kept = await take(api.GET('/drafts')).catch(() => null)
    kept?.items.forEach((one) => one.kind === 'reply' && this.waiting.add(one.conversation_id))
  }

  #wait(conversation: string, something: boolean): void {
    this.waiting[something ? 'add' : 'delete'](conversation)
  }

  #put(conversation: string, what: Kept, text: string): boolean {
    try {
      const name = this.#name(conversation, what)
      if (text) localStorage.setItem(name, text)
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

  #name(conversation: string, what: Kept): string {
    return `${PREFIX}${this.#staff}.${conversation}.${what}`
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

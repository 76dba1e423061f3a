import { tick } from 'svelte'
import { inbox } from '../inbox/inbox.svelte'
import { panes } from './panes.svelte'

/** Moves of the keyboard through the page. */

export async function focusSoon(id: string): Promise<void> {
  await tick()
  document.getElementById(id)?.focus()
}

export function stepRow(by: 1 | -1): void {
  const id = inbox.neighbour(by)
  if (!id) return
  inbox.choose(id)
  const here = document.activeElement
  const free = !here || here === document.body || document.getElementById('pane-list')?.contains(here)
  void inbox.reveal(id, Boolean(free))
}

export function openChosen(): void {
  panes.focus('conversation')
}

export function stepMessage(by: 1 | -1): void {
  const messages = [...document.querySelectorAll<HTMLElement>('#timeline article')]
  const here = messages.findIndex((one) => one.contains(document.activeElement))
  const next = here < 0 ? (by > 0 ? 0 : messages.length - 1) : here + by
  messages[Math.min(messages.length - 1, Math.max(0, next))]?.focus()
}

/** The message that the keyboard is at. */
export function readMessage(): string | null {
  const article = document.activeElement?.closest('#timeline article')
  return article?.getAttribute('aria-labelledby')?.slice('by-'.length) ?? null
}

const beside = () => matchMedia('(min-width: 1280px)').matches

/** Where there is no room beside the conversation the panel lies over it, and focus goes along. */
export async function togglePatron(): Promise<void> {
  panes.patron = !panes.patron
  if (beside()) return
  await tick()
  panes.focus(panes.patron ? 'pane-patron' : 'conversation')
}

/** Escape, outwards one step at a time: text, conversation, list. */
export async function leave(): Promise<void> {
  const here = document.activeElement
  if (panes.nav) {
    panes.nav = false
    return focusSoon('menu-button')
  }
  if (here?.closest('#composer')) {
    document.getElementById('conversation')?.focus()
  } else if (here?.closest('#pane-patron')) {
    if (!beside()) panes.patron = false
    document.getElementById('conversation')?.focus()
  } else if (inbox.chosen && !here?.closest('#pane-list')) {
    const { chosen } = inbox
    // On a phone the list is not there until the conversation is put away.
    if (matchMedia('(max-width: 719px)').matches) inbox.choose(null, 'push')
    await tick()
    await inbox.reveal(chosen, true)
  } else if (here?.id === 'search-text') {
    if (inbox.chosen) await inbox.reveal(inbox.chosen, true)
    else panes.focus('pane-list')
  }
}

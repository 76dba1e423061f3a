/** Keys as words: `j`, `A` (with Shift), `Control+Enter` (or the command key), `g d` (one after the other). */

const SEQUENCE_MS = 1_000

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** The press as a word, or null for presses that belong to the browser or the system. */
export function wordOf(press: Press): string | null {
  const { key } = press
  if (press.altKey || key === 'Control' || key === 'Shift' || key === 'Meta' || key === 'Dead') return null
  const modified = press.ctrlKey || press.metaKey
  if (key.length === 1) {
    // By Shift and not by the letter's case: Caps Lock must not turn "grab" into "release".
    const letter = press.shiftKey ? key.toUpperCase() : key.toLowerCase()
    return modified ? `Control+${press.shiftKey ? 'Shift+' : ''}${key.toLowerCase()}` : letter
  }
  return (modified ? 'Control+' : '') + (press.shiftKey ? 'Shift+' : '') + key
}

/** Remembers the first half of `g d`. */
export class Sequence {
  #first: { word: string; at: number } | null = null

  /** What the press may mean, the longer meaning first. */
  next(word: string, now: number): string[] {
    const first = this.#first && now - this.#first.at < SEQUENCE_MS ? this.#first.word : null
    this.#first = { word, at: now }
    return first ? [`${first} ${word}`, word] : [word]
  }

  clear(): void {
    this.#first = null
  }
}

/** True where a letter is a letter and not a command. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  if (target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
}

/** True where Enter and Space already mean something. */
export function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button, summary, select, input, label') !== null
}

const apple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)
const shown: Record<string, string> = { Enter: '↵', Escape: 'Esc', Control: apple ? '⌘' : 'Ctrl' }

/** For `<kbd>`: `Ctrl ↵`, `Shift A`, `G D`. */
export function keyLabel(keys: string): string {
  return keys
    .split(' ')
    .map((press) => {
      const parts = press.split('+').map((part) => shown[part] ?? part)
      const last = parts[parts.length - 1] ?? ''
      if (/^[A-Z]$/.test(last)) parts.splice(-1, 1, 'Shift', last)
      else if (/^[a-z]$/.test(last)) parts.splice(-1, 1, last.toUpperCase())
      return parts.join(' ')
    })
    .join(' then ')
}

/** For `aria-keyshortcuts`, which knows no sequences. */
export function ariaKeys(keys: readonly string[]): string | undefined {
  const single = keys
    .filter((one) => !one.includes(' '))
    .map((one) => (/^[A-Z]$/.test(one) ? `Shift+${one}` : one))
  return single.length ? single.join(' ') : undefined
}

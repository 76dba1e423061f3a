/** What may be typed into the box of the list: operators, and the names and words that may follow each. */

export interface Names {
  staff: readonly string[]
  desks: readonly string[]
  branches: readonly string[]
  channels: readonly string[]
  tags: readonly string[]
}

export interface Suggestion {
  /** What is put in place of what is being typed. */
  put: string
  /** What it asks for. */
  means: string
}

/** What stands at the caret, and where it begins. */
interface Typing {
  from: number
  minus: string
  operator: string | null
  value: string
}

const OPERATORS: readonly (readonly [string, string])[] = [
  ['from:', 'who wrote it'],
  ['to:', 'whom it went to'],
  ['owner:', 'who sees the patron through'],
  ['desk:', 'where it is answered'],
  ['branch:', 'whose desk it is'],
  ['channel:', 'how it came'],
  ['tag:', 'what it is about'],
  ['is:', 'where it stands'],
  ['has:', 'what it brings'],
  ['before:', 'said earlier'],
  ['after:', 'said later'],
  ['on:', 'said then'],
]
const IS = ['open', 'unclaimed', 'mine', 'late', 'due', 'waiting', 'snoozed', 'done', 'spam', 'urgent', 'public']
const HAS = ['file', 'note', 'draft', 'followup']
const MOST = 8

function valuesOf(operator: string, names: Names): readonly string[] {
  switch (operator) {
    case 'owner:':
      return ['me', 'none', ...names.staff]
    case 'desk:':
      return names.desks
    case 'branch:':
      return names.branches
    case 'channel:':
      return names.channels
    case 'tag:':
      return names.tags
    case 'is:':
      return IS
    case 'has:':
      return HAS
    case 'before:':
    case 'after:':
    case 'on:':
      return ['today', 'yesterday']
    default:
      return []
  }
}

function typing(text: string, caret: number): Typing | null {
  const found = /(?:^|\s)(-?)([a-z]+:)?("[^"]*|[^"\s]*)$/i.exec(text.slice(0, caret))
  if (!found) return null
  const [, minus = '', operator, value = ''] = found
  // Inside of a phrase nothing is an operator.
  if (!operator && value.startsWith('"')) return null
  return {
    from: caret - minus.length - (operator ?? '').length - value.length,
    minus,
    operator: operator?.toLowerCase() ?? null,
    value: value.replace(/^"/, '').toLowerCase(),
  }
}

/** What could stand there instead, the likeliest first. */
export function suggestions(text: string, caret: number, names: Names): Suggestion[] {
  const at = typing(text, caret)
  if (!at) return []
  if (!at.operator) {
    if (!at.value) return []
    return OPERATORS.filter(([name]) => name.startsWith(at.value)).map(([name, means]) => ({ put: at.minus + name, means }))
  }
  const { minus, operator, value } = at
  const means = OPERATORS.find(([name]) => name === operator)?.[1] ?? ''
  const fitting = [...new Set(valuesOf(operator, names))].filter((one) => one.toLowerCase().split(/\s+/).some((word, place, all) => [word, all.slice(place).join(' ')].some((end) => end.startsWith(value))))
  // What stands there already need not be offered.
  return fitting.filter((one) => one.toLowerCase() !== value).slice(0, MOST).map((one) => ({ put: `${minus}${operator}${/\s/.test(one) ? `"${one}"` : one}`, means }))
}

/** The text with a suggestion taken, and where the caret is then. */
export function taken(text: string, caret: number, suggestion: Suggestion): { text: string; caret: number } {
  const from = typing(text, caret)?.from ?? caret
  const done = suggestion.put.endsWith(':') ? '' : ' '
  const before = text.slice(0, from) + suggestion.put + done
  return { text: before + text.slice(caret).trimStart(), caret: before.length }
}

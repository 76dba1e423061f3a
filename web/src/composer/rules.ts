import type { components } from '../api/schema'
import { size } from '../ui/size'

export type Rules = components['schemas']['Attachments']

/** What is known of a file before anything of it is sent. */
export interface Candidate {
  name: string
  size: number
  /** Empty where the browser cannot tell. */
  type: string
}

/** Why this file cannot go with those that are there, in a sentence; null: nothing speaks against it. */
export function objection(rules: Rules | undefined, there: readonly { size: number }[], file: Candidate): string | null {
  if (!rules) return null
  if (rules.level === 'unsupported') return rules.why_not ?? 'This channel takes no files.'
  if (file.size === 0) return `${file.name} is empty, so it was not added.`
  if (there.length >= rules.max_count) {
    const most = rules.max_count === 1 ? 'One file' : `${rules.max_count} files`
    return `${most} can go with one answer here, so ${file.name} was not added.`
  }
  const kind = file.type && rules.kinds.find((one) => fits(one.content_type, file.type))
  if (file.type && !kind) return `${file.name} is of a kind that cannot go here. ${taken(rules)}`
  const largest = kind ? kind.max_bytes : Math.max(...rules.kinds.map((one) => one.max_bytes))
  if (file.size > largest) return `${file.name} has ${size(file.size)}, and ${size(largest)} is the most here.`
  const all = there.reduce((sum, one) => sum + one.size, file.size)
  if (all > rules.max_total_bytes) {
    return `With ${file.name} the files have ${size(all)} together, and ${size(rules.max_total_bytes)} is the most here.`
  }
  return null
}

function fits(pattern: string, type: string): boolean {
  return pattern === '*/*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1)))
}

function taken(rules: Rules): string {
  const word = ({ content_type }: { content_type: string }) => {
    const [family = '', kind = ''] = content_type.split('/')
    return kind === '*' ? `every ${family}` : kind.replace(/^x-|^vnd\.|\+.*$/g, '').toUpperCase()
  }
  return `Taken: ${[...new Set(rules.kinds.map(word))].join(', ')}.`
}

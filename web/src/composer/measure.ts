import type { Channel } from '../api/types'

type Limit = Channel['capabilities']['text']

export interface Size {
  /** What to say, or null while there is nothing to worry about. */
  words: string | null
  over: boolean
}

/** From this share of the limit on, what is left is worth saying. */
const NEAR = 0.8

/**
 * How much of a channel's room a text takes. Only units this page can count for certain; for the others the server
 * says no, with the reason, when the reply is sent.
 */
export function measure(text: string, limit: Limit | undefined): Size {
  if (!limit?.max || (limit.unit !== 'characters' && limit.unit !== 'bytes')) return { words: null, over: false }
  const used = limit.unit === 'bytes' ? new TextEncoder().encode(text).length : [...text].length
  const left = limit.max - used
  if (left < 0) return { words: `${-left} ${plural(limit.unit, -left)} too long`, over: true }
  return { words: used >= limit.max * NEAR ? `${left} ${plural(limit.unit, left)} left` : null, over: false }
}

function plural(unit: string, count: number): string {
  return count === 1 ? unit.slice(0, -1) : unit
}

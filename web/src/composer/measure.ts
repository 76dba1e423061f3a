import type { components } from '../api/schema'

type Preview = components['schemas']['Preview']

/** From this share of the limit on, what is left is worth saying. */
const NEAR = 0.8

/** What a reply that can go would become, in words; null while there is nothing worth saying. */
export function measured({ used, limit, parts, notes }: Preview): string | null {
  const count = used ?? 0
  const said: string[] = []
  if (limit?.unit === 'segments' && count > 0) said.push(`${count} text ${count === 1 ? 'message' : 'messages'}.`)
  else if (parts > 1) said.push(`Leaves as ${parts} messages.`)
  else if (limit?.max && used !== null && count >= limit.max * NEAR) said.push(`${left(limit.max - count, limit.unit)}.`)
  return [...said, ...notes].join(' ') || null
}

function left(many: number, unit: string): string {
  const what = unit === 'bytes' ? 'byte' : 'character'
  return `${many} ${what}${many === 1 ? '' : 's'} left`
}

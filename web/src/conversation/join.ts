interface Numbered {
  seq: number
  id?: string
}

function keyOf(item: Numbered): string | number {
  return item.id ?? item.seq
}

/** Both, each once, in order; where both have an item the second one's reading counts. */
export function fresher<T extends Numbered>(known: readonly T[], fresh: readonly T[]): T[] {
  const all = new Map(known.map((item) => [keyOf(item), item]))
  for (const item of fresh) all.set(keyOf(item), item)
  return [...all.values()].sort((a, b) => a.seq - b.seq)
}

/**
 * The newest part of a history laid over what was read before. `cut` says that older items exist on the server:
 * what is known from before the part is kept only if the two touch, so that a gap is never shown as if it were none.
 * Within the part the fresh reading is the truth: what it lacks has been withdrawn.
 */
export function join<T extends Numbered>(known: readonly T[], fresh: readonly T[], cut: boolean): T[] {
  const first = fresh[0]
  if (!cut || !first) return [...fresh]
  const listed = new Set(fresh.map(keyOf))
  const touches = known.some((item) => listed.has(keyOf(item)))
  const before = touches ? known.filter((item) => item.seq < first.seq && !listed.has(keyOf(item))) : []
  return [...before, ...fresh]
}

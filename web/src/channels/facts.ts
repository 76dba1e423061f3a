const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'} ago`

/** How long ago in whole words: `just now`, `6 minutes ago`, `2 days ago`; `never` for nothing. */
export function gone(at: string | null, now: number): string {
  if (!at) return 'never'
  const ms = now - Date.parse(at)
  if (ms < MINUTE) return 'just now'
  if (ms < HOUR) return many(Math.floor(ms / MINUTE), 'minute')
  if (ms < 2 * DAY) return many(Math.floor(ms / HOUR), 'hour')
  return many(Math.floor(ms / DAY), 'day')
}

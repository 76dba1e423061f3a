const HOUR = 3_600_000
const DAY = 24 * HOUR

function part(at: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  return formatter(zone, options).format(at)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

// Making a formatter costs more than a row does; there are a handful of shapes.
function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options)
  let made = formatters.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })
    formatters.set(key, made)
  }
  return made
}

/** `9:02`, in the library's zone. */
export function hourMinute(at: number, zone: string): string {
  const text = part(at, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return text.replace(/^0/, '')
}

/** A day as one sortable word, for asking whether two moments share it. */
export function dayKey(at: number, zone: string): string {
  return part(at, zone, { year: 'numeric', month: '2-digit', day: '2-digit' })
}

/** 0 for the same day, 1 for tomorrow, negative for the past. Noon-based, so a clock change cannot shift it. */
export function daysApart(at: number, now: number, zone: string): number {
  const noon = (moment: number) => {
    const [day, month, year] = dayKey(moment, zone).split('/').map(Number)
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1)
  }
  return Math.round((noon(at) - noon(now)) / DAY)
}

/** `Tue` */
export function weekday(at: number, zone: string): string {
  return part(at, zone, { weekday: 'short' })
}

/** `6 Oct`, with the year when it is not this one. */
export function shortDate(at: number, now: number, zone: string): string {
  const sameYear = part(at, zone, { year: 'numeric' }) === part(now, zone, { year: 'numeric' })
  return part(at, zone, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) })
}

/** What the clock and the calendar on the wall say; the week begins on Monday, 1. */
export interface Wall {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

export function wall(at: number, zone: string): Wall & { weekday: number } {
  const parts = formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(at)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value)
  const [year, month, day] = [of('year'), of('month'), of('day')]
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7
  return { year, month, day, hour: of('hour'), minute: of('minute'), weekday }
}

/** When the wall says that; a day or month beyond its end runs on. An hour that a clock change leaves out is the next one. */
export function onWall({ year, month, day, hour, minute }: Wall, zone: string): number {
  const wanted = Date.UTC(year, month - 1, day, hour, minute)
  const ahead = (at: number) => {
    const seen = wall(at, zone)
    return Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute) - at
  }
  // The zone is asked twice: its offset at the first guess may be that of the other side of a change.
  const guess = wanted - ahead(wanted)
  return wanted - ahead(guess)
}

/** How long ago, as short as a list has room for: `4m`, `2h`, `Mon`, `3 Jul`. */
export function ago(at: number, now: number, zone: string): string {
  const gone = now - at
  if (gone < 60_000) return 'now'
  if (gone < HOUR) return `${Math.floor(gone / 60_000)}m`
  if (gone < DAY) return `${Math.floor(gone / HOUR)}h`
  return gone < 6 * DAY ? weekday(at, zone) : shortDate(at, now, zone)
}

/** `Today, Tuesday 6 October` */
export function dayHeading(at: number, now: number, zone: string): string {
  const apart = daysApart(at, now, zone)
  const sameYear = part(at, zone, { year: 'numeric' }) === part(now, zone, { year: 'numeric' })
  const date = part(at, zone, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) })
  const day = `${part(at, zone, { weekday: 'long' })} ${date}`
  if (apart === 0) return `Today, ${day}`
  if (apart === -1) return `Yesterday, ${day}`
  return day
}

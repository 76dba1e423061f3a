import { hourMinute, onWall, shortDate, wall, weekday } from '../ui/time'

export interface Moment {
  words: string
  at: number
}

const HOUR = 3_600_000
/** When a day at a library begins, by the clock on its wall. */
const MORNING = 9

/** The moments somebody putting a question aside most often means, soonest first, by the library's clock. */
export function moments(now: number, zone: string): Moment[] {
  const today = wall(now, zone)
  const morning = (days: number) => onWall({ ...today, day: today.day + days, hour: MORNING, minute: 0 }, zone)
  const monday = (8 - today.weekday) % 7 || 7
  const list = [
    { words: 'In three hours', at: now + 3 * HOUR },
    { words: 'Tomorrow morning', at: morning(1) },
    { words: 'In two days', at: morning(2) },
    { words: 'Monday morning', at: morning(monday) },
    { words: 'In a week', at: morning(7) },
  ]
  return list.filter((one, at) => list.findIndex((other) => other.at === one.at) === at).sort((a, b) => a.at - b.at)
}

/** `Tue 24 Nov, 9:00`, as a list of moments shows one. */
export function shown(at: number, now: number, zone: string): string {
  return `${weekday(at, zone)} ${shortDate(at, now, zone)}, ${hourMinute(at, zone)}`
}

/** What a date box gives (`2026-11-24T09:00`), by the library's clock; nothing where that is no moment to come. */
export function chosen(value: string, now: number, zone: string): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(value)
  if (!found) return null
  const [year, month, day, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number]
  const at = onWall({ year, month, day, hour, minute }, zone)
  return at > now ? at : null
}

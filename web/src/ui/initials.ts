/** `Amara Osei` is `AO`; a number or a handle has none, and gets its first sign. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  const first = words[0]
  const last = words.length > 1 ? words[words.length - 1] : undefined
  if (!first) return name.replace(/[^\p{L}\p{N}]/gu, '').slice(0, 1).toUpperCase() || '?'
  return ([...first][0]! + (last ? [...last][0]! : '')).toUpperCase()
}

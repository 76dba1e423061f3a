export type Piece = { text: string; href?: string }

const address = /\bhttps?:\/\/[^\s<>"']+/g

/** Plain text cut at its web addresses. Only http(s) becomes a link, and never what follows the sentence. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const match of text.matchAll(address)) {
    let href = match[0].replace(/[.,;:!?…]+$/, '')
    // A closing bracket belongs to the address only when it was opened there.
    if (href.endsWith(')') && !href.includes('(')) href = href.slice(0, -1)
    if (!URL.canParse(href)) continue
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) })
    pieces.push({ text: href, href })
    at = match.index + href.length
  }
  if (at < text.length) pieces.push({ text: text.slice(at) })
  return pieces
}

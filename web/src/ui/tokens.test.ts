import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** The tokens as [light, dark]. */
const tokens = new Map<string, [string, string]>()
const css = readFileSync('src/ui/tokens.css', 'utf8')
for (const [, name, value] of css.matchAll(/--(\w+): ((?:light-dark\()?#[0-9A-F]{6}.*?);/g)) {
  const found = value!.match(/#[0-9A-F]{6}/g)!
  tokens.set(name!, [found[0]!, found[1] ?? found[0]!])
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

test('the formula is the one of WCAG 2', () => {
  expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21)
  expect(contrast('#777777', '#FFFFFF')).toBeCloseTo(4.48, 2)
})

const needs: [number, string, string[]][] = [
  [7, 'ink', ['card', 'paper', 'sunk', 'soft', 'note']],
  [4.5, 'ink2', ['card', 'paper', 'sunk', 'desk', 'soft']],
  [4.5, 'ink3', ['card', 'paper', 'sunk']],
  [4.5, 'accent', ['card', 'paper']],
  [4.5, 'onaccent', ['accent', 'accentH']],
  [4.5, 'softink', ['soft']],
  [4.5, 'onbrass', ['brass']],
  [4.5, 'brassink', ['brasssoft', 'paper', 'card']],
  [4.5, 'stamp', ['stampsoft', 'card', 'paper', 'soft']],
  [4.5, 'ok', ['oksoft', 'card', 'paper']],
  [4.5, 'noteink', ['note', 'noteline']],
  [7, 'navink', ['nav']],
  [4.5, 'navink2', ['nav', 'nav2']],
  [4.5, 'paper', ['ink']],
  [3, 'edge', ['card', 'paper', 'sunk']],
  [3, 'navedge', ['nav']],
  [3, 'brassline', ['card']],
  [3, 'stampline', ['card']],
  [3, 'noterule', ['note']],
  [3, 'accent', ['desk']],
  [3, 'brass', ['nav']],
]

test.each(needs.flatMap(([least, front, backs]) => backs.map((back) => [front, back, least] as const)))(
  '%s on %s has at least %i:1, light and dark',
  (front, back, least) => {
    for (const theme of [0, 1] as const) {
      expect(contrast(tokens.get(front)![theme], tokens.get(back)![theme])).toBeGreaterThanOrEqual(least)
    }
  },
)

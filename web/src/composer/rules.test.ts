import { expect, test } from 'vitest'
import { objection, type Rules } from './rules'

const MB = 1_000_000
const rules: Rules = {
  level: 'native',
  why_not: null,
  max_count: 2,
  max_total_bytes: 6 * MB,
  kinds: [
    { content_type: 'image/png', max_bytes: 5 * MB },
    { content_type: 'audio/*', max_bytes: MB },
  ],
  without_text: true,
}
const file = (name: string, type: string, size: number) => ({ name, type, size })

test('what fits has nothing said against it', () => {
  expect(objection(rules, [], file('map.png', 'image/png', 5 * MB))).toBeNull()
  expect(objection(rules, [{ size: MB }], file('a.mp3', 'audio/mpeg', MB))).toBeNull()
  expect(objection({ ...rules, kinds: [{ content_type: '*/*', max_bytes: MB }] }, [], file('a.odt', 'x/y', MB))).toBeNull()
  expect(objection(undefined, [], file('a', '', 1))).toBeNull()
})

test('whatever cannot go is refused in a sentence that names it', () => {
  const said = [
    objection(rules, [{ size: 1 }, { size: 1 }], file('c.png', 'image/png', 1)),
    objection({ ...rules, max_count: 1 }, [{ size: 1 }], file('c.png', 'image/png', 1)),
    objection(rules, [], file('plan.svg', 'image/svg+xml', 1)),
    objection(rules, [], file('map.png', 'image/png', 5.2 * MB)),
    objection(rules, [{ size: 4 * MB }], file('map.png', 'image/png', 3 * MB)),
    objection(rules, [], file('none.png', 'image/png', 0)),
  ]
  expect(said).toEqual([
    '2 files can go with one answer here, so c.png was not added.',
    'One file can go with one answer here, so c.png was not added.',
    'plan.svg is of a kind that cannot go here. Taken: PNG, every audio.',
    'map.png has 5.2 MB, and 5.0 MB is the most here.',
    'With map.png the files have 7.0 MB together, and 6.0 MB is the most here.',
    'none.png is empty, so it was not added.',
  ])
})

test('a channel that takes none says why in its own words', () => {
  const why_not = 'Text messages can carry files only when Deskbell has a public address.'
  expect(objection({ ...rules, level: 'unsupported', why_not }, [], file('map.png', 'image/png', 1))).toBe(why_not)
})

test('of a kind that the browser cannot tell only the size is judged here', () => {
  expect(objection(rules, [], file('map', '', 5 * MB))).toBeNull()
  expect(objection(rules, [], file('map', '', 5 * MB + 1))).toContain('the most here')
})

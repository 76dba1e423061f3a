import { expect, test } from 'vitest'
import { domainOf, messages } from './blocks'

test.each([
  ['win@Prizes.example', 'prizes.example'],
  ['a+b@deep.prizes.example', 'deep.prizes.example'],
  ['@tamsin', null],
  ['@tamsin@birds.example', null],
  ['(406) 555-0193', null],
  ['jo@localhost', null],
  ['', null],
])('%s is at %s', (address, domain) => expect(domainOf(address)).toBe(domain))

test('one is said in the singular', () => expect([messages(1), messages(2)]).toEqual(['One message', '2 messages']))

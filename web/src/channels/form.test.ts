import { expect, test } from 'vitest'
import type { Kind, KindField } from '../api/types'
import { begun, isAsked, missing, pageOf, toldOf } from './form'

const field = (name: string, given: Partial<KindField> = {}): KindField => ({
  name,
  label: name,
  help: 'As it says.',
  kind: 'text',
  choices: [],
  required: false,
  default: null,
  when: null,
  first: true,
  picked: false,
  ...given,
})

const tower: Kind = {
  name: 'tower',
  title: 'Tower',
  about: 'Lamps.',
  look: { word: 'Light', icon: 'lamp', light: '#000000', dark: '#ffffff' },
  fields: [
    field('way', { kind: 'choice', choices: [{ value: 'word', label: 'With a word' }, { value: 'page', label: 'On its page' }], default: 'word' }),
    field('address', { required: true }),
    field('word', { kind: 'secret', required: true, when: { field: 'way', values: ['word'] } }),
    field('client_id', { when: { field: 'way', values: ['page'] } }),
    field('bell', { default: 'quiet', first: false }),
    field('lamp', { picked: true, required: true }),
  ],
  signin: [{ label: 'Sign in at the tower', when: { field: 'way', values: ['page'] } }],
  pick: 'Lamp',
  instructions: [],
  callback_url: 'https://desk.example/connect/callback',
}
const named = (name: string) => tower.fields.find((one) => one.name === name)!

test('a form begins with the usual answers and what was given', () => {
  expect(begun(tower)).toEqual({ way: 'word' })
  expect(begun(tower, { way: 'page', bell: 'loud' })).toEqual({ way: 'page', bell: 'loud' })
})

test('only what the other settings ask for is asked', () => {
  expect(isAsked(tower, named('word'), {})).toBe(true)
  expect(isAsked(tower, named('word'), { way: 'page' })).toBe(false)
  expect(isAsked(tower, named('client_id'), { way: 'page' })).toBe(true)
  expect(isAsked(tower, named('lamp'), {})).toBe(false)
})

test('the page of the platform is named where these settings lead there', () => {
  expect(pageOf(tower, {})).toBeNull()
  expect(pageOf(tower, { way: 'page' })?.label).toBe('Sign in at the tower')
})

test('a secret left empty stays; another field left empty is taken away; what is as before is not sent', () => {
  const before = { way: 'word', address: 'north', bell: 'loud' }
  expect(toldOf(tower, { ...before, bell: ' ', word: '' }, before)).toEqual({ bell: null })
  expect(toldOf(tower, { ...before, word: ' with spaces ' }, before)).toEqual({ word: ' with spaces ' })
  expect(toldOf(tower, { way: 'page', address: ' south ', word: 'not asked for' })).toEqual({ way: 'page', address: 'south' })
})

test('what must be given is asked for, but not a secret that is kept', () => {
  expect(missing(tower, { way: 'word' })).toEqual(['address', 'word'])
  expect(missing(tower, { way: 'word', address: 'north' }, ['word'])).toEqual([])
  expect(missing(tower, { way: 'page', address: 'north' })).toEqual([])
})

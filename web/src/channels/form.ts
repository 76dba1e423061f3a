import type { Kind, KindField, SigninPage } from '../api/types'

export type Values = Record<string, string>

/** What the form begins with: what was given, the first answer of a choice, nothing elsewhere. */
export function begun(kind: Kind, given: Values = {}): Values {
  const chosen = kind.fields.filter((field) => field.kind === 'choice')
  const usual = chosen.map((field) => [field.name, field.default ?? field.choices[0]?.value ?? ''])
  return { ...Object.fromEntries(usual), ...given }
}

const valueOf = (kind: Kind, values: Values, name: string): string =>
  values[name] || kind.fields.find((field) => field.name === name)?.default || ''

/** Whether these settings ask for this field at all. */
export function isAsked(kind: Kind, field: KindField, values: Values): boolean {
  if (field.picked) return false
  return !field.when || field.when.values.includes(valueOf(kind, values, field.when.field))
}

/** The platform's page that signs the account in; none where the settings are enough. */
export function pageOf(kind: Kind, values: Values): SigninPage | null {
  const applies = ({ when }: SigninPage) => !when || when.values.includes(valueOf(kind, values, when.field))
  return kind.signin.find(applies) ?? null
}

/**
 * What is sent. A secret left empty stays as it is; anything else left empty is taken away, where something was given
 * before. What these settings do not ask for is not sent.
 */
export function toldOf(kind: Kind, values: Values, before: Values = {}): Record<string, string | null> {
  const told: Record<string, string | null> = {}
  for (const field of kind.fields) {
    if (!isAsked(kind, field, values)) continue
    const value = field.kind === 'secret' ? (values[field.name] ?? '') : (values[field.name] ?? '').trim()
    if (value === (before[field.name] ?? '')) continue
    told[field.name] = value || null
  }
  return told
}

/** The fields that must be given and are not, in the order of asking. */
export function missing(kind: Kind, values: Values, kept: readonly string[] = []): string[] {
  return kind.fields
    .filter((field) => field.required && isAsked(kind, field, values))
    .filter((field) => !(values[field.name] ?? '').trim() && !kept.includes(field.name))
    .map((field) => field.name)
}

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'comfortable' | 'compact'

/** How this person likes the page on this machine. theme.js applies the same keys before the first paint. */
class Prefs {
  theme = $state<Theme>(read('theme', ['light', 'dark'], 'system'))
  density = $state<Density>(read('density', ['compact'], 'comfortable'))

  choose(theme: Theme): void {
    this.theme = theme
    write('theme', theme === 'system' ? null : theme)
  }

  pack(density: Density): void {
    this.density = density
    write('density', density === 'comfortable' ? null : density)
  }
}

function read<T extends string>(name: string, known: readonly T[], otherwise: T | 'system' | 'comfortable'): T {
  const stored = document.documentElement.dataset[name]
  return (known.find((one) => one === stored) ?? otherwise) as T
}

function write(name: string, value: string | null): void {
  if (value) document.documentElement.dataset[name] = value
  else delete document.documentElement.dataset[name]
  try {
    if (value) localStorage.setItem(`deskbell.${name}`, value)
    else localStorage.removeItem(`deskbell.${name}`)
  } catch {
    // Storage is blocked: the choice lasts until the page is closed.
  }
}

export const prefs = new Prefs()

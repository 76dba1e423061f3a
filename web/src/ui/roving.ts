import type { Attachment } from 'svelte/attachments'

/** A toolbar is one tab stop; the arrow keys move inside it. */
export const roving: Attachment<HTMLElement> = (toolbar) => {
  const buttons = () => [...toolbar.querySelectorAll<HTMLButtonElement>('button')]

  function stopAt(wanted: HTMLButtonElement | undefined): void {
    for (const button of buttons()) button.tabIndex = button === wanted ? 0 : -1
  }

  function onfocusin(event: FocusEvent): void {
    if (event.target instanceof HTMLButtonElement) stopAt(event.target)
  }

  function onkeydown(event: KeyboardEvent): void {
    const all = buttons().filter((button) => !button.disabled)
    const at = all.findIndex((button) => button === document.activeElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined || !all.length) return
    event.preventDefault()
    all[(to + all.length) % all.length]?.focus()
  }

  // Buttons come and go (Grab, Release): there must always be one to tab to.
  function keepOne(): void {
    const all = buttons().filter((button) => !button.disabled)
    if (!all.some((button) => button.tabIndex === 0)) stopAt(all[0])
    else stopAt(all.find((button) => button === document.activeElement) ?? all.find((button) => button.tabIndex === 0))
  }

  const watch = new MutationObserver(keepOne)
  watch.observe(toolbar, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
  keepOne()
  toolbar.addEventListener('focusin', onfocusin)
  toolbar.addEventListener('keydown', onkeydown)
  return () => {
    watch.disconnect()
    toolbar.removeEventListener('focusin', onfocusin)
    toolbar.removeEventListener('keydown', onkeydown)
  }
}

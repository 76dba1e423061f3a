export interface Shown {
  /** What is on the screen, in its order. */
  ids: readonly string[]
  /** Listed by the server and not yet on the screen. */
  arrived: readonly string[]
  /** On the screen and no longer listed; dimmed in place until the reader moves on. */
  gone: ReadonlySet<string>
}

export interface Reading {
  ids: readonly string[]
  /** True when these are all there are; otherwise they are only the first. */
  whole: boolean
}

/** The new reading as it is: used when nobody's pointer or focus could be robbed of its place. */
export function settle(shown: Shown, fresh: Reading): Shown {
  const listed = new Set(fresh.ids)
  const deeper = fresh.whole ? [] : shown.ids.slice(fresh.ids.length).filter((id) => !listed.has(id))
  return { ids: [...fresh.ids, ...deeper], arrived: [], gone: new Set() }
}

/** The new reading without moving anything: rows stay, leavers are marked, newcomers are counted. */
export function hold(shown: Shown, fresh: Reading): Shown {
  const listed = new Set(fresh.ids)
  const here = new Set(shown.ids)
  const window = fresh.whole ? shown.ids : shown.ids.slice(0, fresh.ids.length)
  return {
    ids: shown.ids,
    arrived: fresh.ids.filter((id) => !here.has(id)),
    gone: new Set(window.filter((id) => !listed.has(id))),
  }
}

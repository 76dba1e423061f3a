// Runs before the first paint: a chosen theme and density apply without a flash.
try {
  for (const name of ['theme', 'density']) {
    const chosen = localStorage.getItem('deskbell.' + name)
    if (chosen) document.documentElement.dataset[name] = chosen
  }
} catch {
  // Storage is blocked: the system's theme is used.
}

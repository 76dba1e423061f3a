// A trial of markup: each document in a frame of its own, everything in it pressed, and what came of it.
import assert from "node:assert/strict";

/** Documents on one page. */
const BATCH = 40;
const TITLE = "The desk";

/** Shows `documents` on pages of the stand-in `outside`, in frames with these attributes, each answered with `headers`. */
export async function tried({ browser, outside, documents, frame = "", headers }) {
  const context = await browser.newContext({ proxy: outside.proxy, reducedMotion: "no-preference" });
  try {
    const trial = await watch(context, outside);
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    for (let at = 0; at < documents.length; at += BATCH) {
      const places = documents
        .slice(at, at + BATCH)
        .map(({ name, markup }) => outside.serve(`/${encodeURIComponent(name)}`, markup, headers));
      const frames = places.map((place) => `<iframe src="${place}" ${frame}></iframe>`).join("\n");
      await page.goto(outside.serve("/", `<!doctype html><title>${TITLE}</title>${frames}`));
      await trial.judge(page, places, TITLE);
    }
    return trial.seen();
  } finally {
    await context.close();
  }
}

/** Hears from now on what runs in any page of `context` and what is asked of other hosts. */
export async function watch(context, outside) {
  const seen = { ran: new Set(), dialogs: [], popups: [], moved: [], led: [], reached: [], frames: 0 };
  const before = outside.asked.length;
  await context.exposeBinding("heard", ({ frame }) => seen.ran.add(nameOf(frame)));
  await context.addInitScript(() => {
    for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.heard();
  });
  context.on("page", (popup) => {
    // The page under trial has no opener.
    popup.opener().then((opener) => {
      if (!opener) return;
      seen.popups.push(popup.url());
      popup.close().catch(() => {});
    });
  });
  context.on("dialog", (dialog) => {
    seen.dialogs.push(dialog.message());
    dialog.dismiss().catch(() => {});
  });
  return {
    /** Presses everything in the frames of `page`, which show `places` and nothing else. */
    async judge(page, places, title) {
      const address = page.url();
      const gone = () => page.mainFrame().childFrames().map((frame) => frame.url()).filter((url) => !places.includes(url));
      await settled(page);
      seen.moved.push(...gone());
      for (const frame of page.frames().slice(1)) {
        // An empty frame of a payload has nothing to press, and may never be ready to be asked.
        if (["", ":", "about:blank"].includes(frame.url())) continue;
        // A frame that is gone or has moved on is found below.
        if (await frame.evaluate(press).catch(() => false)) seen.reached.push(nameOf(frame));
      }
      await settled(page);
      seen.frames += page.frames().length - 1;
      if (page.url() !== address) seen.moved.push(page.url());
      seen.led.push(...gone());
      const now = await page.title();
      if (now !== title) seen.title = now;
    },
    seen: () => ({ ...seen, asked: outside.asked.slice(before) }),
  };
}

/** Fails if anything came of it. */
export function nothing(seen) {
  assert.deepEqual([...seen.ran], [], "documents that ran script");
  assert.deepEqual(seen.dialogs, [], "dialogs");
  assert.deepEqual(seen.asked, [], "requests to other hosts");
  assert.deepEqual(seen.moved, [], "documents that went elsewhere by themselves");
  assert.deepEqual(seen.popups, [], "windows that opened");
  assert.equal(seen.title, undefined, "the title of the page around them");
}

/** The document a frame belongs to: a payload may have put frames of its own into it. */
function nameOf(frame) {
  let top = frame;
  while (top.parentFrame()?.parentFrame()) top = top.parentFrame();
  return top.url();
}

/** What was about to happen has happened: two frames are drawn, and every queued task before them is done. */
async function settled(page) {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20)))),
  );
}

/**
 * Runs in the browser: presses, hovers and focuses every element, and sets off every handler that is written down.
 * Links of the web are left alone: they lead out, as their reader wants. Says whether it can reach the page around it.
 */
function press() {
  const { getAttributeNames, closest } = Element.prototype;
  const send = (element, event) => EventTarget.prototype.dispatchEvent.call(element, event);
  const leadsOut = (link) => {
    try {
      const href = link.href?.animVal ?? link.href ?? "";
      return ["http:", "https:", "mailto:", "tel:"].includes(new URL(href, location.href).protocol);
    } catch {
      return false;
    }
  };
  for (const element of Document.prototype.querySelectorAll.call(document, "*")) {
    for (const name of ["mouseover", "mouseenter", "pointerenter", "mousedown", "mouseup", "click"]) {
      send(element, new MouseEvent(name));
    }
    for (const name of getAttributeNames.call(element)) {
      if (name.startsWith("on")) send(element, new Event(name.slice(2)));
    }
    if (element.focus) element.focus();
    const link = closest.call(element, "a[href], area[href]");
    if (link && leadsOut(link)) continue;
    if (element instanceof HTMLElement) HTMLElement.prototype.click.call(element);
    else send(element, new MouseEvent("click", { bubbles: true, cancelable: true }));
  }
  try {
    return parent !== window && parent.document !== undefined;
  } catch {
    return false;
  }
}

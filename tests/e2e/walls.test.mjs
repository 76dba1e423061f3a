// Two walls stand between a stranger's markup and the desk. The first is tried here in a real browser with the second
// switched off, and before that both are: what does not get through where there is no wall would prove nothing.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { house, missing } from "./support/house.mjs";
import { openOutside } from "./support/outside.mjs";
import { PAYLOADS } from "./support/payloads.mjs";

/** Documents on one page; each is in a frame of its own. */
const BATCH = 40;
const run = promisify(execFile);

describe("a stranger's markup", { skip: missing() }, () => {
  const bed = house();
  let outside;
  before(async () => {
    outside = await openOutside();
  });
  after(() => outside?.close());

  test("runs and tells where there is no wall", async (t) => {
    const payloads = own();
    const bare = await tried({ documents: payloads });
    t.diagnostic(`${payloads.length} payloads: ${bare.ran.size} ran, ${bare.asked.length} requests to others`);
    assert.ok(bare.ran.size > payloads.length / 2, `only ${bare.ran.size} of ${payloads.length} ran`);
    assert.ok(bare.asked.length > 20, `only ${bare.asked.length} requests`);
    assert.equal(bare.title, "reached");
    // What listens hears a frame without an origin as well.
    const open = await tried({ documents: payloads, sandbox: "allow-scripts" });
    t.diagnostic(`in a sandbox that allows scripts: ${open.ran.size} ran`);
    assert.ok(open.ran.size > payloads.length / 4, `only ${open.ran.size} of ${payloads.length} ran`);
  });

  test("does nothing behind the first wall alone", async (t) => {
    const payloads = [...own(), ...published(t)];
    const documents = await inTurns(4, payloads, async ({ name, markup }) => ({ name, markup: await sanitised(markup) }));
    const seen = await tried({ documents });
    t.diagnostic(`${payloads.length} payloads: ${seen.ran.size} ran, ${seen.asked.length} requests to others`);
    nothing(seen);
    assert.equal(seen.frames, documents.length, "frames besides those of the documents");
    assert.deepEqual(seen.popups, []);
  });

  /** Shows each document in a frame, presses and hovers everything in it, and says what came of it. */
  async function tried({ documents, sandbox, headers }) {
    const seen = { ran: new Set(), dialogs: [], popups: [], moved: [], frames: 0, reached: 0 };
    const before = outside.asked.length;
    const context = await bed.browser.newContext({ proxy: outside.proxy, reducedMotion: "no-preference" });
    try {
      await context.exposeBinding("heard", ({ frame }) => seen.ran.add(nameOf(frame)));
      await context.addInitScript(() => {
        for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.heard();
      });
      const page = await context.newPage();
      context.on("page", (popup) => {
        seen.popups.push(popup.url());
        popup.close();
      });
      page.on("dialog", (dialog) => {
        seen.dialogs.push(dialog.message());
        dialog.dismiss();
      });
      for (let at = 0; at < documents.length; at += BATCH) {
        await batch(page, documents.slice(at, at + BATCH), { sandbox, headers, seen });
      }
    } finally {
      await context.close();
    }
    return { ...seen, asked: outside.asked.slice(before) };
  }

  async function batch(page, documents, { sandbox, headers, seen }) {
    const places = documents.map(({ name, markup }) =>
      outside.serve(`/${encodeURIComponent(name)}`, markup, headers),
    );
    const attribute = sandbox === undefined ? "" : ` sandbox="${sandbox}"`;
    const frames = places.map((place) => `<iframe src="${place}"${attribute}></iframe>`).join("\n");
    const address = outside.serve("/", `<!doctype html><title>The desk</title>${frames}`);
    await page.goto(address);
    await settled(page);
    for (const frame of page.frames().slice(1)) {
      // A frame that is gone or has moved on is found below.
      seen.reached += (await frame.evaluate(press).catch(() => 0)) ? 1 : 0;
    }
    await settled(page);
    seen.frames += page.frames().length - 1;
    if (page.url() !== address) seen.moved.push(page.url());
    seen.moved.push(...page.mainFrame().childFrames().map((frame) => frame.url()).filter((url) => !places.includes(url)));
    const title = await page.title();
    if (title !== "The desk") seen.title = title;
  }
});

/** The document a frame belongs to: a payload may have put frames of its own into it. */
function nameOf(frame) {
  let top = frame;
  while (top.parentFrame()?.parentFrame()) top = top.parentFrame();
  return top.url();
}

function nothing(seen) {
  assert.deepEqual([...seen.ran], [], "documents that ran script");
  assert.deepEqual(seen.dialogs, [], "dialogs");
  assert.deepEqual(seen.asked, [], "requests to other hosts");
  assert.deepEqual(seen.moved, [], "documents that went elsewhere");
  assert.equal(seen.title, undefined, "the title of the page around them");
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
    return parent.document !== undefined;
  } catch {
    return false;
  }
}

function own() {
  return Object.entries(PAYLOADS).map(([name, markup]) => ({ name, markup }));
}

/** Each twentieth of a published list, where there is one on this machine. */
function published(t) {
  const root = process.env.DESKBELL_REFERENCE;
  if (!root) {
    t.diagnostic("skipped: DESKBELL_REFERENCE is not set, only our own payloads are tried");
    return [];
  }
  const lines = readFileSync(join(root, "corpora/dev/expected/xss.jsonl"), "utf8").trim().split("\n");
  const sample = lines.filter((_, index) => index % 20 === 0).map((line) => JSON.parse(line));
  return sample.flatMap(({ payload, variants = [] }, at) =>
    [payload, ...variants].map((markup, variant) => ({ name: `published ${at}-${variant}`, markup })),
  );
}

function letter(subject, markup) {
  const head = [
    "From: Ada Brook <ada@brook.example>",
    "To: ask@fernhill.example",
    `Subject: ${subject}`,
    `Message-ID: <walls-${Date.now()}-${Math.random()}@brook.example>`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
    "Content-Type: text/html; charset=utf-8",
    "Content-Transfer-Encoding: base64",
  ];
  const body = Buffer.from(markup).toString("base64").replace(/.{76}/g, "$&\r\n");
  return `${head.join("\r\n")}\r\n\r\n${body}\r\n`;
}

/** What the program makes of the markup of a mail, without the document around it that forbids things. */
async function sanitised(markup) {
  const told = run(process.env.DESKBELL_BIN, ["mail", "html", "-"]);
  told.child.stdin.end(letter("A payload", `<p>Dear library</p>\n${markup}`));
  const { stdout } = await told;
  const [, body] = stdout.match(/<body>(.*)<\/body><\/html>\s*$/s);
  assert.match(body, /Dear library/);
  return `<!doctype html><meta charset=utf-8><title>x</title>${body}`;
}

/** `tasks` done so many at a time; the results in their order. */
async function inTurns(many, tasks, act) {
  const results = new Array(tasks.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < tasks.length; at = next++) results[at] = await act(tasks[at]);
  };
  await Promise.all(Array.from({ length: many }, worker));
  return results;
}

// Two walls stand between a stranger's markup and the desk. Each is tried in a real browser with the other switched off,
// and first of all both are: what does not get through where there is no wall would prove nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { house, missing } from "./support/house.mjs";
import { arrive, inTurns, letter, sanitised } from "./support/letters.mjs";
import { openOutside } from "./support/outside.mjs";
import { PAYLOADS } from "./support/payloads.mjs";
import { nothing, tried, watch } from "./support/trial.mjs";

const ELSE = "http://elsewhere.example";
/** A red square of 3 by 2. */
const SQUARE = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AAQQxwFgBB0gX7h/C5SAAAAABJRU5ErkJggg==";

describe("a stranger's markup", { skip: missing() }, () => {
  const bed = house();
  let outside;
  before(async () => {
    outside = await openOutside();
  });
  after(() => outside?.close());

  const trial = async (t, given) => {
    const seen = await tried({ browser: bed.browser, outside, ...given });
    t.diagnostic(`${given.documents.length} payloads: ${seen.ran.size} ran, ${seen.asked.length} requests to others`);
    return seen;
  };

  test("runs and tells where there is no wall", async (t) => {
    const documents = own();
    const bare = await trial(t, { documents });
    assert.ok(bare.ran.size > documents.length / 2, `only ${bare.ran.size} of ${documents.length} ran`);
    assert.ok(bare.asked.length > 20, `only ${bare.asked.length} requests`);
    assert.equal(bare.title, "reached");
    // What listens hears a frame without an origin as well.
    const scripts = documents.filter(({ name }) => name.startsWith("script"));
    const open = await trial(t, { documents: scripts, frame: 'sandbox="allow-scripts"' });
    assert.ok(open.ran.size > scripts.length / 2, `only ${open.ran.size} of ${scripts.length} ran`);
  });

  test("does nothing behind the first wall alone", async (t) => {
    const payloads = [...own(), ...published(t, 20)];
    const documents = await inTurns(4, payloads, async ({ name, markup }) => ({ name, markup: await sanitised(markup) }));
    const seen = await trial(t, { documents });
    nothing(seen);
    assert.deepEqual(seen.led, [], "documents that went elsewhere when they were pressed");
    assert.equal(seen.frames, documents.length, "frames besides those of the documents");
  });

  test("does nothing behind the second wall alone", async (t) => {
    const documents = [...own(), ...published(t, 60)];
    const { frame, headers } = await secondWall();
    const both = await trial(t, { documents, frame, headers });
    nothing(both);
    assert.deepEqual(both.reached, [], "documents that can reach the page around them");
    // Whoever opens the document in a tab of its own has no frame of ours around it.
    const curious = own().filter(({ name }) => name.endsWith("the page"));
    const unframed = await trial(t, { documents: curious, headers });
    nothing(unframed);
    assert.deepEqual(unframed.reached, [], "documents that can reach the page around them");
  });

  test("runs nothing under the policy of the second wall without its sandbox", async (t) => {
    // Here what listens is heard, so that silence is no want of hearing. That a page stays is the sandbox's part.
    const documents = own().filter(({ name }) => !name.startsWith("page that moves on"));
    const { headers } = await secondWall();
    const policy = headers["content-security-policy"].replace(/^sandbox[^;]*;/, "");
    assert.doesNotMatch(policy, /sandbox/);
    const seen = await trial(t, { documents, headers: { ...headers, "content-security-policy": policy } });
    nothing(seen);
    assert.ok(seen.reached.length > 0, "without the sandbox the page around can be reached: it was off");
  });

  test("does nothing behind both walls, in the page as it is", async (t) => {
    const payloads = own();
    const about = (number) => `Payload ${number} of ${payloads.length}`;
    const letters = payloads.map(({ markup }, number) => letter({ subject: about(number), html: `<p>Dear library</p>${markup}` }));
    await arrive(bed.dir, letters);
    const page = await bed.page({ proxy: outside.proxy });
    const rows = await conversations(page);
    const ids = payloads.map((_, number) => rows.find((row) => row.subject === about(number)).id);
    const messages = await inTurns(4, ids, async (id) => (await read(page, `/conversations/${id}`)).messages[0].id);
    const { frame } = await secondWall();
    const listen = await watch(page.context(), outside);
    await page.goto("/q/unclaimed");
    await page.getByRole("grid").waitFor();
    const title = await page.title();
    for (let at = 0; at < messages.length; at += 40) {
      const frames = messages.slice(at, at + 40).map((id) => `/api/v1/messages/${id}/frame`);
      const html = frames.map((src) => `<iframe src="${src}" ${frame}></iframe>`).join("");
      await page.evaluate(async (html) => {
        const place = document.createElement("div");
        place.innerHTML = html;
        document.body.replaceChildren(place);
        await Promise.all([...place.children].map((frame) => new Promise((done) => (frame.onload = done))));
      }, html);
      await listen.judge(page, frames.map((src) => new URL(src, bed.address).href), title);
    }
    const seen = listen.seen();
    t.diagnostic(`${messages.length} payloads: ${seen.ran.size} ran, ${seen.asked.length} requests to others`);
    nothing(seen);
    assert.deepEqual(seen.led, [], "documents that went elsewhere when they were pressed");
    assert.deepEqual(seen.reached, [], "documents that can reach the page around them");
    assert.equal(seen.frames, messages.length, "frames besides those of the documents");
  });

  test("tells nobody that a mail was opened, and would have been heard", async () => {
    const tells = ["pixel", "pixel by density", "style sheet", "style import", "style background", "fetched ahead"];
    const asked = outside.asked.length;
    const html = `<p>Did you get my letter?</p>${tells.map((name) => PAYLOADS[name]).join("\n")}`;
    const page = await opened({ subject: "My letter", html });
    await page.locator("iframe").contentFrame().getByText("Did you get my letter?").waitFor();
    assert.deepEqual(outside.asked.slice(asked), []);
    const other = await page.context().newPage();
    await other.goto(`${ELSE}/heard.gif`);
    assert.ok(outside.asked.slice(asked).includes(`${ELSE}/heard.gif`));
  });

  test("shows the pictures that a mail brings along, once", async () => {
    const html = `<p>The cover:</p><img src="cid:cover" alt="the cover">`;
    const page = await opened({ subject: "A picture", html, pictures: { cover: SQUARE } });
    const picture = page.locator("iframe").contentFrame().getByAltText("the cover");
    await picture.waitFor();
    const size = await picture.evaluate(async (image) => {
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    });
    assert.deepEqual(size, [3, 2]);
    const around = page.locator("#timeline article").filter({ has: page.locator("iframe") });
    assert.equal(await around.getByText("cover.png").count(), 0, "and not beside the message as well");
  });

  /** What stands around a formatted message on the page: the attributes of its frame, the headers of its document. */
  async function secondWall() {
    const page = await opened({ subject: "A plain one", html: "<p>Dear library</p>" });
    const frame = page.locator("iframe");
    const answer = await ask(page, await frame.getAttribute("src"));
    assert.equal(answer.status, 200);
    const headers = { ...answer.headers };
    for (const name of ["content-length", "content-encoding", "transfer-encoding", "connection", "date"]) delete headers[name];
    const names = ["sandbox", "referrerpolicy", "allow", "csp"];
    const values = await Promise.all(names.map((name) => frame.getAttribute(name)));
    const held = names.flatMap((name, at) => (values[at] === null ? [] : [`${name}="${values[at]}"`]));
    assert.ok(held.some((attribute) => attribute.startsWith("sandbox=")), "the page puts it into a sandbox");
    return { frame: held.join(" "), headers };
  }

  /** Lets a mail come in and opens it on the page as it was formatted. */
  async function opened(given) {
    const subject = `${given.subject} ${process.hrtime.bigint()}`;
    await arrive(bed.dir, [letter({ ...given, subject })]);
    const page = await bed.page({ proxy: outside.proxy });
    const row = (await conversations(page)).find((row) => row.subject === subject);
    await page.goto(`/c/${row.id}`);
    await page.getByRole("button", { name: "As it was formatted" }).click();
    await page.locator("iframe").contentFrame().locator("body > *").first().waitFor();
    return page;
  }
});

/** Asked by the page itself: what Playwright asks would go round the browser and its proxy. */
const ask = (page, path) =>
  page.evaluate(async (path) => {
    const answer = await fetch(path);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
  }, path);

const read = async (page, path) => JSON.parse((await ask(page, `/api/v1${path}`)).text);

/** The unclaimed ones, all of them. */
async function conversations(page) {
  const { items } = await read(page, "/conversations?view=unclaimed&limit=200");
  return items;
}

function own() {
  return Object.entries(PAYLOADS).map(([name, markup]) => ({ name, markup }));
}

/** Each so-manieth of a published list, where there is one on this machine. */
function published(t, each) {
  const root = process.env.DESKBELL_REFERENCE;
  if (!root) {
    t.diagnostic("skipped: DESKBELL_REFERENCE is not set, only our own payloads are tried");
    return [];
  }
  const lines = readFileSync(join(root, "corpora/dev/expected/xss.jsonl"), "utf8").trim().split("\n");
  const sample = lines.filter((_, index) => index % each === 0).map((line) => JSON.parse(line));
  return sample.flatMap(({ payload, variants = [] }, at) =>
    [payload, ...variants].map((markup, variant) => ({ name: `published ${at}-${variant}`, markup })),
  );
}

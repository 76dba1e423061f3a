// Who is there, and who is at which conversation: seen by the others, and what follows when somebody leaves.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

const header = (page) => page.locator("#conversation header");
const owner = (page) => header(page).locator(".owner");
const here = (page) => header(page).locator(".here");
/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };

/** What the API says, asked as the page asks. */
const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);

/** An unclaimed question whose answer is overdue, and not one of `but`. */
async function late(page, but = []) {
  await page.getByRole("grid").waitFor();
  const { items } = await ask(page, "/conversations?view=unclaimed&limit=200");
  const found = items.find((row) => row.due_at && Date.parse(row.due_at) < Date.now() && !but.includes(row.id));
  assert.ok(found, "the demo has a question that is late");
  return found.id;
}

async function turn(page, hidden) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

describe("who is there", { skip: missing() }, () => {
  const bed = house();

  test("OWN-5: others see who is viewing and who is replying, and a hidden tab is nobody", async () => {
    const [nora, dev] = [await bed.page(), await bed.page({ who: "dev" })];
    const id = await late(nora);
    await Promise.all([nora, dev].map((page) => page.goto(`/c/${id}`)));
    await here(dev).getByText("Nora Whitfield is viewing").waitFor(patience);
    await here(nora).getByText("Dev Rao is viewing").waitFor(patience);
    await dev.getByRole("grid").getByText("Nora Whitfield is viewing").first().waitFor(patience);
    await nora.locator("#composer-text").pressSequentially("We have");
    await here(dev).getByText("Nora Whitfield is replying").waitFor(patience);
    await accessible(dev, "somebody is replying");
    await picture(dev, "presence-replying");
    // Nobody types any more, and the page is not told so: it knows.
    await here(dev).getByText("Nora Whitfield is viewing").waitFor(patience);
    await turn(nora, true);
    await here(dev).waitFor({ state: "detached", ...patience });
    await turn(nora, false);
    await here(dev).getByText("Nora Whitfield is viewing").waitFor(patience);
    const phone = await bed.page({ who: "dev", phone: true });
    await phone.goto(`/c/${id}`);
    await here(phone).getByText("Nora Whitfield is viewing").waitFor(patience);
    await fits(phone, "somebody is viewing, on a phone");
    await picture(phone, "phone-presence");
    // Gone without a word: what her page said last runs out.
    await nora.context().setOffline(true);
    await nora.context().close();
    await here(dev).waitFor({ state: "detached", ...patience });
    const events = (await ask(dev, `/conversations/${id}`)).events.map((event) => event.kind);
    assert.ok(!events.some((kind) => /view|presence/.test(kind)), "none of it is history");
  });

  test("OWN-3: of two who answer the second reads the first above their own text, which did not leave", async () => {
    const [nora, dev] = [await bed.page(), await bed.page({ who: "dev" })];
    const id = await late(nora);
    await Promise.all([nora, dev].map((page) => page.goto(`/c/${id}`)));
    const [hers, his] = [nora, dev].map((page) => page.locator("#composer-text"));
    await hers.fill("It came yesterday: the hold shelf, under T.");
    await his.fill("Not yet, I am sorry.");
    await owner(dev).getByText("Unclaimed").waitFor();
    // Whatever comes to a page that nobody looks at has not been seen.
    await turn(dev, true);
    await nora.keyboard.press("Control+Enter");
    await his.focus();
    await owner(nora).getByText("Yours").waitFor(patience);
    await dev.keyboard.press("Control+Enter");
    const guard = dev.locator(".question");
    await guard.getByText("It came yesterday").waitFor(patience);
    await turn(dev, false);
    assert.equal(await his.inputValue(), "Not yet, I am sorry.", "his draft is as it was");
    await accessible(dev, "the guard");
    await picture(dev, "guard-newer");
    const sent = async () =>
      (await ask(nora, `/conversations/${id}`)).messages.filter((one) => one.direction === "out").map((one) => one.text);
    assert.ok(!(await sent()).includes("Not yet, I am sorry."));
    // Having read it he still wants to add something: hers it stays.
    await guard.getByRole("button", { name: "Edit" }).click();
    await his.fill("And we keep it until Saturday.");
    await dev.keyboard.press("Control+Enter");
    await guard.getByRole("button", { name: "Add a note for Nora Whitfield" }).waitFor(patience);
    await accessible(dev, "whose it is");
    await picture(dev, "guard-owner");
    await guard.getByRole("button", { name: "Reply as a helper" }).click();
    await dev.locator("#timeline").getByText("And we keep it until Saturday.").waitFor(patience);
    assert.ok((await sent()).includes("And we keep it until Saturday."));
    await owner(dev).getByText("Nora Whitfield has this").waitFor(patience);
    await his.fill("I will see to it.");
    await dev.keyboard.press("Control+Enter");
    await guard.getByRole("button", { name: "Take over" }).click();
    await owner(dev).getByText("Yours").waitFor(patience);
    await nora.locator("#timeline").getByText("Dev Rao took this over from Nora Whitfield").waitFor(patience);
    assert.equal(await his.inputValue(), "I will see to it.");
    bed.forgive(/status of 409/);
  });

  test("OWN-4: what somebody has who goes away returns to the queue, in words", async () => {
    const [nora, dev] = [await bed.page(), await bed.page({ who: "dev" })];
    const id = await late(dev);
    await Promise.all([nora, dev].map((page) => page.goto(`/c/${id}`)));
    const before = await ask(nora, `/conversations/${id}`);
    await owner(dev).getByText("Unclaimed").waitFor();
    await dev.locator("#conversation").focus();
    await dev.keyboard.press("a");
    await owner(nora).getByText("Dev Rao").waitFor(patience);
    const whether = dev.getByLabel("I am", { exact: true });
    await whether.selectOption("away");
    await owner(nora).getByText("Unclaimed").waitFor(patience);
    await nora.locator("#timeline").getByText("Returned to the queue: Dev Rao is away").waitFor(patience);
    await picture(nora, "returned");
    await picture(dev, "away");
    await accessible(dev, "away");
    const after = await ask(nora, `/conversations/${id}`);
    assert.deepEqual([after.waiting_since, after.due_at], [before.waiting_since, before.due_at]);
    const unclaimed = await ask(nora, "/conversations?view=unclaimed&limit=200");
    assert.ok(unclaimed.items.some((row) => row.id === id));
    await whether.selectOption("at_desk");
    while ((await ask(nora, "/presence")).people.length < 2) await pause(50);
  });
});

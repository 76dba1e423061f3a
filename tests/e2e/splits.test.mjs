// Part of a conversation becomes one of its own, with the keyboard only.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

const told = (page, words) => page.getByRole("region", { name: "What just happened" }).getByText(words);
const timeline = (page) => page.locator("#timeline");
/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };

/** What the API says, asked as the page asks. */
const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);
const read = (page, id) => ask(page, `/conversations/${id}`);
const ids = (whole) => whole.messages.map((one) => one.id);

/** One conversation in which its patron asked twice, made of two of theirs by the API. */
async function askedTwice(page) {
  await page.getByRole("grid").waitFor(patience);
  const { items } = await ask(page, "/conversations?view=all&limit=200");
  for (const row of items) {
    const whole = await read(page, row.id);
    const asked = whole.messages.filter((one) => one.direction === "in");
    if (row.state !== "spam" && asked.length > 1) return { whole, asked };
  }
  throw new Error("nobody asked twice");
}

describe("two conversations out of one", { skip: missing() }, () => {
  const bed = house();

  test("a message is read, it and what came after go, and a key takes that back", async () => {
    const [nora, dev] = [await bed.page(), await bed.page({ who: "dev" })];
    const { whole, asked } = await askedTwice(nora);
    const second = asked.at(-1);
    const goes = whole.messages.filter((one) => one.seq >= second.seq).map((one) => one.id);
    await Promise.all([nora, dev].map((page) => page.goto(`/c/${whole.id}`)));
    for (const page of [nora, dev]) await timeline(page).locator("article").nth(whole.messages.length - 1).waitFor(patience);
    await dev.locator("#composer-text").fill("I look for it.");
    // Up to the last question, one message after the other.
    await nora.locator("#conversation").focus();
    for (let back = goes.length; back > 0; back -= 1) await nora.keyboard.press("[");
    await timeline(nora).locator(`article[aria-labelledby="by-${second.id}"]:focus`).waitFor(patience);
    await nora.keyboard.press("Shift+S");
    const dialog = nora.getByRole("dialog", { name: "Split off" });
    await dialog.getByRole("checkbox", { checked: true }).nth(goes.length - 1).waitFor(patience);
    assert.equal(await dialog.getByRole("checkbox", { checked: true }).count(), goes.length);
    // The focus is at the first that goes: off, and on again.
    await nora.keyboard.press("Space");
    await dialog.getByRole("checkbox", { checked: true }).nth(goes.length - 1).waitFor({ ...patience, state: "detached" });
    if (goes.length === 1) await dialog.getByText("Choose at least one message").waitFor(patience);
    await nora.keyboard.press("Space");
    await accessible(nora, "splitting");
    await picture(nora, "split");
    await nora.keyboard.press("Enter");
    await timeline(nora).getByText(`split this off Q-${whole.number}`).waitFor(patience);
    await timeline(nora).getByRole("link", { name: new RegExp(`Q-${whole.number}`) }).waitFor(patience);
    const made = nora.url().split("/").pop().split("?")[0];
    assert.deepEqual(ids(await read(nora, made)), goes);
    assert.deepEqual(ids(await read(nora, whole.id)), ids(whole).filter((one) => !goes.includes(one)));
    await accessible(nora, "split off");
    await picture(nora, "split-off");
    // Whoever was in the old one sees what went, and what they were writing is theirs.
    await timeline(dev).getByText("split off Q-").waitFor(patience);
    await timeline(dev).locator(`article[aria-labelledby="by-${second.id}"]`).waitFor({ ...patience, state: "detached" });
    assert.equal(await dev.locator("#composer-text").inputValue(), "I look for it.");
    const phone = await bed.page({ phone: true, dark: true });
    await phone.goto(`/c/${whole.id}`);
    await timeline(phone).getByText("Part of this stands by itself").waitFor(patience);
    await fits(phone, "split, on a phone");
    await picture(phone, "phone-split-dark");
    await nora.locator("#conversation").focus();
    await nora.keyboard.press("z");
    await nora.waitForURL(new RegExp(whole.id), patience);
    await timeline(nora).locator("article").nth(whole.messages.length - 1).waitFor(patience);
    assert.deepEqual(ids(await read(nora, whole.id)), ids(whole));
  });
});

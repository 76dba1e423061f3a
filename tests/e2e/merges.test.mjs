// Two conversations become one, by hand, and two again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

const header = (page) => page.locator("#conversation header");
const told = (page, words) => page.getByRole("region", { name: "What just happened" }).getByText(words);
const timeline = (page) => page.locator("#timeline");
/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };

/** What the API says, asked as the page asks. */
const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);

/** Open conversations, each of another patron. */
async function open(page) {
  await page.getByRole("grid").waitFor();
  const { items } = await ask(page, "/conversations?view=unclaimed&limit=200");
  const patrons = new Set();
  return items.filter((row) => !patrons.has(row.patron.id) && patrons.add(row.patron.id));
}

const messages = async (page, id) => (await ask(page, `/conversations/${id}`)).messages.map((one) => one.id);

describe("one conversation out of two", { skip: missing() }, () => {
  const bed = house();

  test("a number is pasted, two people are named, and the history undoes it", async () => {
    const [nora, dev] = [await bed.page(), await bed.page({ who: "dev" })];
    const [one, other] = await open(nora);
    const were = [await messages(nora, one.id), await messages(nora, other.id)];
    await Promise.all([nora, dev].map((page) => page.goto(`/c/${one.id}`)));
    await header(dev).getByText(`Q-${one.number}`).waitFor(patience);
    // Whoever is in what goes is led along, with what they were writing.
    await dev.locator("#composer-text").fill("I look for it.");
    await nora.locator("#conversation").focus();
    await nora.keyboard.press("m");
    const dialog = nora.getByRole("dialog", { name: "Merge into another conversation" });
    await dialog.getByLabel("Its number, or a link to it").fill("Q-1");
    await dialog.getByRole("button", { name: "Look" }).click();
    await dialog.getByText("No conversation has this number").waitFor(patience);
    await dialog.getByLabel("Its number, or a link to it").fill(`${bed.address}/c/${other.id}`);
    await dialog.getByRole("button", { name: "Look" }).click();
    await dialog.getByText(new RegExp(`of Q-${one.number} joins? Q-${other.number}`)).waitFor(patience);
    const merge = dialog.getByRole("button", { name: "Merge", exact: true });
    assert.ok(await merge.isDisabled(), "not before it is said that these are two people's");
    await dialog.getByRole("checkbox").check();
    await accessible(nora, "merging");
    await picture(nora, "merge");
    await merge.click();
    await nora.waitForURL(new RegExp(other.id), patience);
    await timeline(nora).getByText(`merged Q-${one.number}`).waitFor(patience);
    await dev.waitForURL(new RegExp(other.id), patience);
    await told(dev, `Q-${one.number} is part of this conversation now.`).waitFor(patience);
    assert.equal(await dev.locator("#composer-text").inputValue(), "I look for it.");
    const both = await messages(nora, other.id);
    assert.deepEqual([...both].sort(), [...were[0], ...were[1]].sort());
    await accessible(nora, "merged");
    await picture(nora, "merged");
    const phone = await bed.page({ phone: true, dark: true });
    await phone.goto(`/c/${one.id}`);
    await phone.waitForURL(new RegExp(other.id), patience);
    await timeline(phone).getByText(`merged Q-${one.number}`).waitFor(patience);
    await fits(phone, "merged, on a phone");
    await picture(phone, "phone-merged-dark");
    await timeline(nora).getByRole("button", { name: "Undo the merge" }).click();
    await nora.waitForURL(new RegExp(one.id), patience);
    await told(nora, `Q-${one.number} stands by itself again, as it was.`).waitFor(patience);
    await timeline(dev).getByText(`undid the merge with Q-${one.number}`).waitFor(patience);
    assert.deepEqual([await messages(nora, one.id), await messages(nora, other.id)], were);
    // A number that nobody has; and what a page says of the conversation it is in, just when that has gone.
    bed.forgive(/status of (422|409)/);
  });

  test("by its number, and the toast takes it back", async () => {
    const nora = await bed.page();
    const [, , one, other] = await open(nora);
    const were = [await messages(nora, one.id), await messages(nora, other.id)];
    await nora.goto(`/c/${one.id}`);
    await timeline(nora).locator("article").first().waitFor(patience);
    await header(nora).getByRole("button", { name: "More" }).click();
    await nora.getByRole("dialog", { name: "More" }).getByRole("button", { name: /Merge into another/ }).click();
    const dialog = nora.getByRole("dialog", { name: "Merge into another conversation" });
    await dialog.getByLabel("Its number, or a link to it").fill(`Q-${other.number}`);
    await nora.keyboard.press("Enter");
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Merge", exact: true }).click();
    await told(nora, `Merged into Q-${other.number}.`).waitFor(patience);
    await nora.locator("#conversation").focus();
    await nora.keyboard.press("z");
    await nora.waitForURL(new RegExp(one.id), patience);
    await told(nora, `Q-${one.number} stands by itself again, as it was.`).waitFor(patience);
    assert.deepEqual([await messages(nora, one.id), await messages(nora, other.id)], were);
  });
});

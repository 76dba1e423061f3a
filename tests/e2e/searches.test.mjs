// A search is kept under a name, for oneself and for a desk, and has an address.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };
const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);
const told = (page, words) => page.getByRole("region", { name: "What just happened" }).getByText(words);
const nav = (page) => page.getByRole("navigation", { name: "Queues and views" });

describe("a search under a name", { skip: missing() }, () => {
  const bed = house();

  test("is saved, found beside the views by everybody at the desk, renamed and removed", async () => {
    const nora = await bed.page();
    await nora.goto("/q/all?text=is%3Aunclaimed");
    await nora.getByRole("grid").waitFor(patience);
    const found = (await ask(nora, "/conversations?view=all&text=is%3Aunclaimed")).items.map((one) => one.id);
    assert.ok(found.length > 0);
    await nora.getByRole("button", { name: "Save this search…" }).click();
    const dialog = nora.getByRole("dialog", { name: "Saved searches" });
    await dialog.getByLabel(/^Save what is looked for now/).fill("Nobody has these");
    const desks = (await ask(nora, "/desks")).items;
    await dialog.getByLabel("Who has it").selectOption({ label: `Everybody at ${desks[0].name}` });
    await accessible(nora, "saving a search");
    await picture(nora, "search-save");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await told(nora, "Saved as “Nobody has these”").waitFor(patience);
    await nav(nora).getByRole("link", { name: "Nobody has these" }).click();
    await nora.waitForURL(/\/v\/[0-9a-f-]+$/, patience);
    await nora.getByRole("heading", { name: "Nobody has these", level: 2 }).waitFor(patience);
    await nora.getByRole("row").nth(1).waitFor(patience);
    await accessible(nora, "a saved search");
    await picture(nora, "search-saved");

    // Its address is a colleague's too, on a phone and in the dark.
    const address = new URL(nora.url()).pathname;
    const { items } = await ask(nora, "/searches");
    const desk = items[0].desk_id;
    assert.equal(desk, desks[0].id);
    for (const [page, name] of [
      [await bed.page({ phone: true }), "search-phone"],
      [await bed.page({ dark: true }), "search-dark"],
    ]) {
      await page.goto(address);
      await page.getByRole("heading", { name: "Nobody has these", level: 2 }).waitFor(patience);
      await page.getByRole("row").nth(1).waitFor(patience);
      await accessible(page, name);
      await fits(page);
      await picture(page, name);
    }

    // By the keyboard: another name, and away with it.
    await nora.locator("#conversation").focus();
    await nora.keyboard.press("g");
    await nora.keyboard.press("v");
    await dialog.getByRole("button", { name: "Rename Nobody has these" }).click();
    await dialog.getByRole("textbox", { name: "Its name" }).fill("For everybody");
    await nora.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Remove For everybody" }).click();
    await dialog.getByText("Nothing is saved yet.").waitFor(patience);
    await nora.keyboard.press("Escape");
    await nora.getByText("This saved search is not here any more").waitFor(patience);
    assert.deepEqual((await ask(nora, "/searches")).items, []);
  });
});

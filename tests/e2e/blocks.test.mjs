// Somebody is kept out, what they write is held, and one of it is let in.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";
import { arrive, letter } from "./support/letters.mjs";

/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };
const FROM = "Prize Bureau <win@prizes.example>";
const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);
const told = (page, words) => page.getByRole("region", { name: "What just happened" }).getByText(words);

describe("somebody who is kept out", { skip: missing() }, () => {
  const bed = house();

  test("is blocked from the conversation, held, and let in at the time it has", async () => {
    const nora = await bed.page();
    await nora.getByRole("grid").waitFor(patience);
    await arrive(bed.dir, [letter({ subject: "You have won", html: "<p>Answer at once</p>", from: FROM })]);
    const { items } = await ask(nora, `/conversations?view=all&text=${encodeURIComponent("from:win@prizes.example")}`);
    assert.equal(items.length, 1);
    await nora.goto(`/c/${items[0].id}`);
    await nora.locator("#timeline article").first().waitFor(patience);
    await nora.getByRole("button", { name: "More" }).click();
    await nora.getByRole("button", { name: "Block the patron…" }).click();
    const dialog = nora.getByRole("dialog", { name: "Block the patron" });
    await dialog.getByText("win@prizes.example", { exact: true }).waitFor(patience);
    await accessible(nora, "blocking");
    await picture(nora, "block");
    await dialog.getByLabel("Why, for colleagues").fill("Sends adverts");
    await dialog.getByRole("button", { name: "Block" }).click();
    await told(nora, "Blocked: win@prizes.example").waitFor(patience);
    await nora.locator("#timeline").getByText("blocked win@prizes.example").waitFor(patience);
    await nora.getByRole("button", { name: "Not spam" }).waitFor(patience);

    // What comes now is no conversation.
    await arrive(bed.dir, [letter({ subject: "Last chance", html: "<p>My card is 21-90, when do you open?</p>", from: FROM })], "1 held");
    await nora.goto("/held");
    const held = nora.getByRole("list", { name: "What is held" }).getByRole("listitem").filter({ hasText: "Last chance" });
    await held.getByText("Prize", { exact: false }).or(held.getByText("win@prizes.example", { exact: false })).first().waitFor(patience);
    await nora.getByRole("list", { name: "Who is kept out" }).getByText("One message held", { exact: false }).waitFor(patience);
    await accessible(nora, "held and blocked");
    await picture(nora, "held");
    for (const page of [await bed.page({ dark: true }), await bed.page({ phone: true })]) {
      await page.goto("/held");
      await page.getByRole("button", { name: "Let in Last chance" }).waitFor(patience);
      await accessible(page, "held and blocked");
      await picture(page, `held-${page.viewportSize().width}`);
      await fits(page);
    }

    await held.getByRole("button", { name: "Let in" }).click();
    await nora.locator("#timeline").getByText("My card is 21-90").waitFor(patience);
    await nora.locator("#timeline").getByText("let a message in that was held").waitFor(patience);
    // And out of the list: with the palette, and back.
    await nora.keyboard.press("Control+k");
    await nora.keyboard.type("Unblock the");
    await nora.keyboard.press("Enter");
    await told(nora, "Unblocked: win@prizes.example").waitFor(patience);
    await nora.goto("/held");
    await nora.getByText("Nobody is kept out", { exact: false }).waitFor(patience);
    assert.equal((await ask(nora, "/held")).items.filter((one) => one.reason === "blocked").length, 0);
  });
});

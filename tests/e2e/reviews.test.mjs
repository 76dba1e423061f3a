// A trainee's answer waits, is returned, and leaves changed under both names.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };
const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);
const told = (page, words) => page.getByRole("region", { name: "What just happened" }).getByText(words);
const timeline = (page) => page.locator("#timeline");

describe("an answer that is looked through", { skip: missing() }, () => {
  const bed = house();

  test("waits for a colleague, comes back with a word, and leaves changed", async () => {
    const told_by = [process.env.DESKBELL_BIN, ["staff", "review", "dev@fernhill.example", "on", "--data", bed.dir]];
    await promisify(execFile)(...told_by);
    const [nora, dev] = [await bed.page(), await bed.page({ who: "dev" })];
    await dev.getByRole("grid").waitFor(patience);
    const { items } = await ask(dev, "/conversations?view=unclaimed&limit=50");
    const id = items.find((one) => one.visibility === "private").id;
    await dev.goto(`/c/${id}`);
    await dev.getByRole("button", { name: "Send for review" }).waitFor(patience);
    await dev.locator("#composer-text").fill("Yes, we have it.");
    await dev.getByRole("button", { name: "Send for review" }).click();
    await told(dev, "It waits to be looked through").waitFor(patience);
    const own = timeline(dev).getByRole("region", { name: "Your answer waits to be looked through" });
    await own.getByText("Yes, we have it.").waitFor(patience);
    assert.equal(await dev.locator("#composer-text").inputValue(), "");

    // Whoever may approve it sees that something waits, and where.
    await nora.getByRole("link", { name: "To be looked through 1" }).click();
    await accessible(nora, "what waits");
    await picture(nora, "reviews");
    await nora.getByRole("link", { name: /^Open the conversation/ }).click();
    const card = timeline(nora).getByRole("region", { name: /answer waits to be looked through/ });
    await card.getByRole("button", { name: "Return…" }).click();
    await card.getByRole("textbox").fill("Say where it stands");
    await card.getByRole("button", { name: "Return", exact: true }).click();
    await told(nora, "Returned to").waitFor(patience);
    await timeline(dev).getByText("Say where it stands").waitFor(patience);

    // It is a draft again, also after the page was closed.
    await dev.reload();
    await dev.waitForFunction(() => document.querySelector("#composer-text")?.value === "Yes, we have it.", null, patience);
    await dev.locator("#composer-text").fill("Yes, we have it, on the second floor.");
    await dev.locator("#composer-text").press("Control+Enter");
    await own.getByText("on the second floor").waitFor(patience);
    await card.getByText("on the second floor").waitFor(patience);
    await accessible(nora, "an answer that waits");
    await picture(nora, "review");
    for (const [page, name] of [
      [await bed.page({ dark: true }), "review-dark"],
      [await bed.page({ phone: true }), "review-phone"],
    ]) {
      await page.goto(`/c/${id}`);
      await timeline(page).getByRole("button", { name: /^Approve and send as/ }).waitFor(patience);
      await accessible(page, name);
      await fits(page);
      await picture(page, name);
    }
    await card.getByRole("button", { name: "Change…" }).click();
    await card.getByRole("textbox").fill("Yes: second floor, left of the stairs.");
    await card.getByRole("button", { name: /^Approve and send as/ }).click();
    await told(nora, "Approved").waitFor(patience);
    await timeline(nora).getByText("Looked through and changed by").waitFor(patience);
    await timeline(dev).getByText("left of the stairs").waitFor(patience);
    await own.waitFor({ ...patience, state: "detached" });
    assert.equal((await ask(nora, "/reviews")).items.length, 0);
  });

  test("anybody asks a colleague by name to check an answer", async () => {
    const nora = await bed.page();
    await nora.getByRole("grid").waitFor(patience);
    const { items } = await ask(nora, "/conversations?view=unclaimed&limit=50");
    const id = items.findLast((one) => one.visibility === "private").id;
    await nora.goto(`/c/${id}`);
    await nora.getByRole("button", { name: "Send", exact: false }).first().waitFor(patience);
    await nora.locator("#composer-text").fill("I think it is in the annex.");
    await nora.locator("#conversation").focus();
    await nora.keyboard.press("Control+k");
    await nora.keyboard.type("Ask somebody to check");
    await nora.keyboard.press("Enter");
    const dialog = nora.getByRole("dialog", { name: "Ask for a check" });
    await dialog.getByRole("button", { name: "Anybody" }).waitFor(patience);
    await accessible(nora, "asking for a check");
    const names = await dialog.getByRole("listitem").allInnerTexts();
    assert.ok(names.length > 1 && !names.some((name) => name.includes("Nora") || name.includes("Dev")), names.join());
    await dialog.getByRole("listitem").nth(1).getByRole("button").click();
    const own = timeline(nora).getByRole("region", { name: "Your answer waits to be looked through" });
    await own.getByText("in the annex").waitFor(patience);
    await own.getByRole("button", { name: "Take back" }).click();
    await own.waitFor({ ...patience, state: "detached" });
    await nora.waitForFunction(() => document.querySelector("#composer-text")?.value === "I think it is in the annex.", null, patience);
  });
});

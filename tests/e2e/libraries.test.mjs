// Desks of another library, in the dialog that hands a question on.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { accessible, house, missing, picture } from "./support/house.mjs";

/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };
const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);

describe("another library's desk", { skip: missing() }, () => {
  const bed = house();

  test("is under its library's name, and the history says whose it is", async () => {
    const before = await bed.page();
    const desks = (await ask(before, "/desks")).items;
    const [own, other] = desks;
    const run = promisify(execFile);
    await run(process.env.DESKBELL_BIN, ["desk", "library", other.name, "Hilltop Libraries", "--data", bed.dir]);
    const nora = await bed.page();
    await nora.getByRole("grid").waitFor();
    const { items } = await ask(nora, `/conversations?view=unclaimed&desk=${own.id}&limit=1`);
    await nora.goto(`/c/${items[0].id}`);
    await nora.locator("#timeline article").first().waitFor(patience);
    await nora.locator("#conversation").focus();
    await nora.keyboard.press("h");
    const dialog = nora.getByRole("dialog", { name: "Hand off" });
    const theirs = dialog.locator('optgroup[label="Desks of Hilltop Libraries"] option');
    await theirs.first().waitFor({ state: "attached", ...patience });
    assert.equal(await theirs.count(), 1);
    assert.equal(await dialog.locator('optgroup[label="Desks"] option').count(), desks.length - 2, "not the one it waits at");
    await dialog.getByLabel("To", { exact: true }).selectOption(`desk ${other.id}`);
    await dialog.getByText(`a desk of Hilltop Libraries`).waitFor(patience);
    await dialog.getByLabel("Why").selectOption("other");
    await dialog.getByLabel("What they already told us").fill("Her card was renewed in May.");
    await accessible(nora, "handing on to another library");
    await picture(nora, "handoff-library");
    await dialog.getByRole("button", { name: "Hand off" }).click();
    await nora.locator("#timeline").getByText(`to ${other.name} of Hilltop Libraries: another reason`).waitFor(patience);
  });
});

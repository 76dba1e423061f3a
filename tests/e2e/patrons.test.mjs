// Who asks: what colleagues know about them, and one person with many addresses.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

const pane = (page) => page.locator("#pane-patron");
const told = (page, words) => page.getByRole("region", { name: "What just happened" }).getByText(words);
const timeline = (page) => page.locator("#timeline");
/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };

/** What the API says, asked as the page asks. */
const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);
const patronOf = async (page, id) => (await ask(page, `/conversations/${id}`)).patron;

/** Open conversations, each of another patron. */
async function open(page) {
  await page.getByRole("grid").waitFor();
  const { items } = await ask(page, "/conversations?view=unclaimed&limit=200");
  const patrons = new Set();
  return items.filter((row) => !patrons.has(row.patron.id) && patrons.add(row.patron.id));
}

describe("the patron's pane", { skip: missing() }, () => {
  const bed = house();

  test("a name, a wish and a note are written down, and seen at the next desk at once", async () => {
    const [nora, dev] = [await bed.page(), await bed.page({ who: "dev" })];
    const [one] = await open(nora);
    const was = await patronOf(nora, one.id);
    await Promise.all([nora, dev].map((page) => page.goto(`/c/${one.id}`)));
    await pane(dev).getByRole("heading", { name: was.name, exact: true }).waitFor(patience);
    await pane(nora).getByRole("button", { name: `Change what is known about ${was.name}` }).click();
    const dialog = nora.getByRole("dialog", { name: "About the patron" });
    await dialog.getByLabel("Name", { exact: true }).fill("Marigold Penhaligon");
    await dialog.getByLabel("Goes by").fill("Mari");
    await dialog.getByLabel("Pronouns").fill("she/her");
    await dialog.getByLabel("Asked to be answered by").selectOption(was.addresses[0].id);
    await dialog.getByLabel("When, in their words").fill("after 5 pm");
    await accessible(nora, "about the patron");
    await picture(nora, "patron-about");
    await dialog.getByRole("button", { name: "Save" }).click();
    await pane(nora).getByRole("heading", { name: "Marigold Penhaligon" }).waitFor(patience);
    await pane(dev).getByText("goes by Mari, she/her").waitFor(patience);
    await pane(dev).getByText(/, after 5 pm$/).waitFor(patience);
    await timeline(dev).getByText(`named the patron Marigold Penhaligon (was ${was.name})`).waitFor(patience);

    await pane(nora).getByRole("button", { name: "Add a note" }).click();
    await pane(nora).getByRole("textbox").fill("Reads large print.");
    await pane(nora).getByRole("button", { name: "Save" }).click();
    await pane(dev).getByText("Reads large print.").waitFor(patience);
    assert.equal(await pane(dev).getByRole("button", { name: "Remove" }).count(), 0, "it is not his");
    await pane(nora).getByRole("button", { name: "Change", exact: true }).click();
    await pane(nora).getByRole("textbox").fill("Reads large print, at home.");
    await pane(nora).getByRole("button", { name: "Save" }).click();
    await pane(dev).getByText("Reads large print, at home.").waitFor(patience);
    await accessible(nora, "a note about the patron");
    await picture(nora, "patron");
    const phone = await bed.page({ phone: true, dark: true });
    await phone.goto(`/c/${one.id}`);
    await timeline(phone).locator("article").first().waitFor(patience);
    await phone.locator("#conversation").focus();
    await phone.keyboard.press("i");
    await pane(phone).getByText("Reads large print, at home.").waitFor(patience);
    await fits(phone, "the patron, on a phone");
    await picture(phone, "phone-patron-dark");
    await pane(nora).getByRole("button", { name: "Remove" }).click();
    await told(nora, "The note is gone.").waitFor(patience);
    await pane(dev).getByText("Reads large print").waitFor({ state: "detached", ...patience });
  });

  test("one person with two addresses, because somebody looked, and two again", async () => {
    const nora = await bed.page({ dark: true });
    const [, one, other] = await open(nora);
    const were = [await patronOf(nora, one.id), await patronOf(nora, other.id)];
    await nora.goto(`/c/${one.id}`);
    await timeline(nora).locator("article").first().waitFor(patience);
    await nora.locator("#conversation").focus();
    await nora.keyboard.press("Control+k");
    await nora.keyboard.type("same person");
    await nora.keyboard.press("Enter");
    const dialog = nora.getByRole("dialog", { name: "The same person as…" });
    await dialog.getByLabel("The number of a conversation of theirs").fill(`Q-${other.number}`);
    await dialog.getByRole("button", { name: "Look" }).click();
    const same = dialog.getByRole("button", { name: "Same person", exact: true });
    await same.waitFor(patience);
    assert.ok(await same.isDisabled(), "a name alone tells nobody apart");
    await dialog.getByLabel("How do you know?").fill("card number seen");
    await accessible(nora, "the same person");
    await picture(nora, "same-person-dark");
    await same.click();
    await told(nora, "One person from now on.").waitFor(patience);
    await pane(nora).getByText("card number seen").waitFor(patience);
    for (const { addresses } of were) {
      const { address } = addresses[0];
      await pane(nora).getByText(address).waitFor(patience);
    }
    await timeline(nora).getByText(/said that the patron is one person with/).waitFor(patience);
    await picture(nora, "one-person-dark");
    const both = await patronOf(nora, one.id);
    assert.deepEqual(both.id, (await patronOf(nora, other.id)).id);
    await pane(nora).getByRole("button", { name: "Two people after all" }).click();
    await told(nora, "Two people again, as they were.").waitFor(patience);
    assert.deepEqual([await patronOf(nora, one.id), await patronOf(nora, other.id)], were);
  });
});

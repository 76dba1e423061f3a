// Looking for something: what is typed, how it was read, and what is offered.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

const box = (page) => page.getByRole("combobox", { name: "Search names and messages" });
const chips = (page) => page.getByRole("list", { name: "How your search was read" }).getByRole("button");
const rows = (page) => page.getByRole("grid").locator("[data-id]");
/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };

/** What the API finds, asked as the page asks. */
const found = (page, text) =>
  page.evaluate(async (text) => {
    const answer = await fetch(`/api/v1/conversations?view=all&limit=50&text=${encodeURIComponent(text)}`);
    return answer.json();
  }, text);

/** Waits until the list shows these in their order, and no others; of many only those that there is room for. */
async function shows(page, ids) {
  const script = (ids) => {
    const shown = [...document.querySelectorAll('[role="grid"] [data-id]')].map((row) => row.dataset.id);
    const enough = shown.length >= Math.min(ids.length, 5) && shown.length <= ids.length;
    return enough && shown.every((id, place) => id === ids[place]);
  };
  await page.waitForFunction(script, ids, patience);
}

describe("search", { skip: missing() }, () => {
  const bed = house();

  test("SRC-1: the list is the API's answer, and removing a chip edits the text", async () => {
    const page = await bed.page();
    await page.goto("/q/all");
    await rows(page).first().waitFor();
    const all = await found(page, "is:late");
    assert.ok(all.items.length > 0 && all.items.length < 15, "the demo has some that are late");
    const name = all.items[0].patron.name.split(" ")[0];
    const text = `from:${name.toLowerCase()} is:late -zebra`;
    const answer = await found(page, text);
    assert.ok(answer.items.some((row) => row.id === all.items[0].id));
    await box(page).fill(text);
    await shows(page, answer.items.map((row) => row.id));
    assert.deepEqual(await chips(page).allTextContents(), [`from ${name.toLowerCase()}`, "late", "not “zebra”"]);
    await accessible(page, "a search that was read");
    await picture(page, "search-chips");
    await page.getByRole("button", { name: "Remove late" }).click();
    const wider = `from:${name.toLowerCase()} -zebra`;
    await page.waitForFunction((text) => document.querySelector("#search-text").value === text, wider, patience);
    await shows(page, (await found(page, wider)).items.map((row) => row.id));
    assert.equal(await page.evaluate(() => document.activeElement.id), "search-text");
    assert.equal(new URL(page.url()).searchParams.get("text"), wider);
  });

  test("operators and what may follow them are offered and taken by keys", async () => {
    const page = await bed.page();
    await page.goto("/q/all");
    await rows(page).first().waitFor();
    await box(page).pressSequentially("ow");
    const offers = page.getByRole("listbox", { name: "What may follow" });
    await offers.getByRole("option", { name: "owner:" }).waitFor(patience);
    await page.keyboard.press("ArrowDown");
    await page.locator('#search-text[aria-activedescendant="search-offer-0"]').waitFor(patience);
    await page.keyboard.press("Enter");
    await offers.getByRole("option", { name: "owner:none" }).waitFor(patience);
    await accessible(page, "what may follow an operator");
    await picture(page, "search-offers");
    await page.keyboard.type("non");
    await offers.getByRole("option", { name: "owner:me" }).waitFor({ state: "detached", ...patience });
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#search-text").value === "owner:none ", undefined, patience);
    const answer = await found(page, "owner:none");
    await shows(page, answer.items.map((row) => row.id).slice(0, 50));
    // Escape puts the offers away first, and what was typed stays.
    await box(page).pressSequentially("is:l");
    await offers.getByRole("option", { name: "is:late" }).waitFor(patience);
    await page.keyboard.press("Escape");
    await offers.waitFor({ state: "hidden", ...patience });
    assert.equal(await page.evaluate(() => document.activeElement.id), "search-text");
  });

  test("where nothing is found each condition can be dropped, and what was not understood is said", async () => {
    const page = await bed.page({ dark: true });
    await page.goto("/q/all");
    await rows(page).first().waitFor();
    await box(page).fill("is:unclaimed is:done");
    await page.getByRole("heading", { name: "Nothing here fits unclaimed, done." }).waitFor(patience);
    await accessible(page, "nothing was found");
    await picture(page, "dark-search-nothing");
    await page.getByRole("button", { name: "Without unclaimed" }).click();
    await shows(page, (await found(page, "is:done")).items.map((row) => row.id));
    await box(page).fill("is:unread");
    await page.getByText("is:unread is unknown").waitFor(patience);
    const phone = await bed.page({ phone: true });
    await phone.goto(`/q/all?text=${encodeURIComponent("is:late -zebra before:2040")}`);
    await chips(phone).first().waitFor(patience);
    await fits(phone, "a search on a phone");
    await accessible(phone, "a search on a phone");
    await picture(phone, "phone-search");
    await box(phone).pressSequentially(" i");
    await phone.getByRole("option", { name: "is:" }).waitFor(patience);
    await fits(phone, "what may follow, on a phone");
    await picture(phone, "phone-search-offers");
  });
});

// What somebody is writing follows them from machine to machine, and is nobody else's.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

const box = (page) => page.locator("#composer-text");
const unsaved = (page) => page.locator("#composer .question");
/** It only ends a test that has failed. */
const patience = { timeout: 300_000 };

const ask = (page, path) => page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);
const NOTHING = { reply: null, note: null, files: [] };

/** Waits until the box says exactly this. */
const reads = (page, text) =>
  page.waitForFunction((text) => document.querySelector("#composer-text")?.value === text, text, patience);

/** Waits until the server has these words, and so many files. */
async function kept(page, id, text, files = 0) {
  const deadline = Date.now() + patience.timeout;
  for (;;) {
    const there = await ask(page, `/conversations/${id}/draft`);
    if ((there.reply?.text ?? "") === text && there.files.length === files) return;
    assert.ok(Date.now() < deadline, `still: ${JSON.stringify(there)}`);
    await pause(50);
  }
}

/** What one sees of a tab that one comes back to. */
async function back(page) {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

async function unclaimed(page, nth) {
  await page.getByRole("grid").waitFor();
  return (await ask(page, "/conversations?view=unclaimed&limit=20")).items[nth].id;
}

describe("a draft", { skip: missing() }, () => {
  const bed = house();

  test("begun at one machine it goes on at another, and sent from there it is gone from both", async () => {
    const [desk, laptop, dev] = [await bed.page(), await bed.page(), await bed.page({ who: "dev" })];
    const id = await unclaimed(desk, 0);
    await desk.goto(`/c/${id}`);
    await box(desk).fill("We keep it for you until Saturday");
    const plan = { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("a plan") };
    await desk.locator("#composer-files").setInputFiles(plan);
    await kept(desk, id, "We keep it for you until Saturday", 1);
    await laptop.goto(`/c/${id}`);
    await reads(laptop, "We keep it for you until Saturday");
    await laptop.locator("#composer").getByText("plan.txt").waitFor();
    await picture(laptop, "draft-elsewhere");
    await dev.goto(`/c/${id}`);
    await box(dev).waitFor();
    assert.deepEqual(await ask(dev, `/conversations/${id}/draft`), NOTHING);
    assert.equal(await box(dev).inputValue(), "", "it is hers alone");
    await box(laptop).press("Control+Enter");
    await laptop.locator("#timeline").getByText("We keep it for you until Saturday").waitFor();
    assert.deepEqual(await ask(laptop, `/conversations/${id}/draft`), NOTHING);
    await back(desk);
    await reads(desk, "");
  });

  test("CNV-6: a tab closed in the middle of a word loses nothing", async () => {
    const [desk, laptop] = [await bed.page(), await bed.page()];
    const id = await unclaimed(desk, 1);
    await desk.goto(`/c/${id}`);
    await box(desk).fill("The reading room opens at n");
    await desk.close();
    await kept(laptop, id, "The reading room opens at n");
    await laptop.goto(`/c/${id}`);
    await reads(laptop, "The reading room opens at n");
  });

  test("written on at two machines, the writer says which is meant, and can have the other back", async () => {
    const [desk, phone] = [await bed.page({ dark: true }), await bed.page({ phone: true })];
    const id = await unclaimed(desk, 2);
    await Promise.all([desk, phone].map((page) => page.goto(`/c/${id}`)));
    await Promise.all([desk, phone].map((page) => box(page).waitFor()));
    await box(desk).fill("Yes, we have it.");
    await kept(desk, id, "Yes, we have it.");
    await phone.context().setOffline(true);
    await box(phone).fill("Not here, but at Riverside.");
    await phone.context().setOffline(false);
    await back(phone);
    await unsaved(phone).getByText("Yes, we have it.").waitFor(patience);
    assert.equal(await box(phone).inputValue(), "Not here, but at Riverside.");
    await accessible(phone, "two drafts");
    await fits(phone, "two drafts on a phone");
    await picture(phone, "phone-draft-two");
    await unsaved(phone).getByRole("button", { name: "Take that" }).click();
    await reads(phone, "Yes, we have it.");
    await unsaved(phone).waitFor({ state: "detached" });
    await phone.getByRole("button", { name: "Back to mine" }).click();
    await reads(phone, "Not here, but at Riverside.");
    await kept(phone, id, "Not here, but at Riverside.");
    bed.forgive(/ERR_INTERNET_DISCONNECTED/);
  });
});

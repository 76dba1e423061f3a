// Signs in by a link and answers one conversation by keys, with a file: the browser's part of a test that has the rest.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { launch } from "./support/house.mjs";

const { SIGN_IN, CONVERSATION, ANSWER, FILE } = process.env;
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(SIGN_IN);
  await page.getByRole("grid").waitFor();
  await page.goto(new URL(`/desk/${CONVERSATION}`, SIGN_IN).href);
  await page.locator("#timeline article").first().waitFor();
  await page.keyboard.press("a");
  await page.locator("#conversation header .owner", { hasText: "Yours" }).waitFor();
  await page.keyboard.press("r");
  const inTheBox = () => page.evaluate(() => document.activeElement?.id === "composer-text");
  for (let tries = 0; !(await inTheBox()); tries++) {
    assert.ok(tries < 200, "the key never opened the box");
    await pause(50);
  }
  await page.keyboard.type(ANSWER);
  await page.locator("#composer-files").setInputFiles(FILE);
  await page.locator("#composer").getByText(/^\d+ kB$/).waitFor();
  await page.keyboard.press("Control+Enter");
  const answer = page.locator("#timeline article", { hasText: ANSWER });
  await answer.getByText("Sent", { exact: true }).waitFor({ timeout: 60_000 });
} finally {
  await browser.close();
}

// The whole way, as staff go it: from the link that signs them in to what the patron writes back.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { accessible, fits, house, missing, picture } from "./support/house.mjs";

const HOLD_MS = 10_000;
/** The longest that somebody of the demonstration thinks about an answer, and the mail's way both ways. */
const PATRON_MS = 75_000;

/** Waits until `question` gives something; the deadline only ends a test that has failed. */
async function soon(what, question, deadline = 15_000) {
  const end = Date.now() + deadline;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    assert.ok(Date.now() < end, `still waiting: ${what}`);
    await pause(50);
  }
}

const owner = (page) => page.locator("#conversation header .owner");
const box = (page) => page.locator("#composer-text");
const articles = (page) => page.locator("#timeline article");
const shows = (page, what, words) => soon(words, async () => (await what(page).textContent()).includes(words));

/** Opens the unclaimed conversation of `patron`. */
async function open(page, patron) {
  await page.goto("/q/unclaimed");
  await page.getByRole("row").getByRole("link", { name: patron }).first().click();
  await articles(page).first().waitFor();
}

/** What the API says, asked as the page asks. */
const ask = (page, path) =>
  page.evaluate(async (path) => (await fetch(`/api/v1${path}`)).json(), path);

/** Writes into the box that a key opens. */
async function write(page, key, text) {
  await page.keyboard.press(key);
  await soon("the box has the focus", () =>
    page.evaluate(() => document.activeElement?.id === "composer-text"),
  );
  await page.keyboard.type(text);
  await page.keyboard.press("Control+Enter");
}

describe("the way of a question", { skip: missing() }, () => {
  const bed = house();

  test("a link signs in once and is then worth nothing", async () => {
    const link = await bed.invite("nora");
    const first = await bed.page({ who: null });
    await first.goto(link);
    await first.getByRole("grid").waitFor();
    const second = await bed.page({ who: null });
    await second.goto(link);
    await second.getByText("Sign in with your password below").waitFor();
    // Nobody is signed in, and the link is spent: the browser notes both refusals.
    assert.ok(bed.forgive(/status of 401/) >= 1);
    await accessible(second, "sign-in");
    await picture(second, "sign-in");
  });

  test("grabbed, noted, answered; what the patron writes back comes to the same place", async () => {
    const page = await bed.page();
    await open(page, /Priya/);
    const address = page.url();
    assert.match(await owner(page).textContent(), /Unclaimed/, "opening claims nothing");
    await page.keyboard.press("a");
    await shows(page, owner, "Yours");

    await write(page, "n", "Her third card this year: ask whether a keyring would help.");
    const note = articles(page).filter({ hasText: "ask whether a keyring" });
    await note.getByText("Staff note from you").waitFor();
    assert.match(await note.textContent(), /can't see this/);

    await write(page, "r", "Your new card is at the lending desk.");
    const answer = articles(page).filter({ hasText: "at the lending desk" });
    await answer.getByText(/Sending in \d+ s/).waitFor();
    await answer.getByText("Sent", { exact: true }).waitFor({ timeout: HOLD_MS + 20_000 });
    await picture(page, "answered");

    const before = await articles(page).count();
    await soon("Priya writes back", async () => (await articles(page).count()) > before, PATRON_MS);
    assert.equal(page.url(), address, "in the same conversation");
    const last = articles(page).last();
    assert.match(await last.textContent(), /Priya/);
    assert.doesNotMatch(await last.textContent(), /Staff note|keyring/, "a note never leaves the house");

    const id = new URL(address).pathname.split("/").pop();
    const whole = await ask(page, `/conversations/${id}`);
    assert.equal(whole.state, "open", "she waits again");
    const hers = (await ask(page, "/conversations?view=all&limit=200")).items.filter(
      (row) => row.patron.id === whole.patron.id && row.created_at > whole.created_at,
    );
    assert.deepEqual(hers, [], "no conversation was opened by her answer");
    const said = whole.messages.filter((message) => message.direction === "out");
    assert.deepEqual(said.map((message) => message.delivery.state), ["sent"]);
  });

  test("done, open again, released", async () => {
    const page = await bed.page();
    await open(page, /Dilys/);
    await page.keyboard.press("a");
    await shows(page, owner, "Yours");
    await page.keyboard.press("e");
    const again = page.getByRole("toolbar").getByRole("button", { name: /Open again/ });
    await again.waitFor();
    await again.click();
    await page.getByRole("toolbar").getByRole("button", { name: /Done/ }).waitFor();
    await shows(page, owner, "Yours");
    await page.locator("#timeline").focus();
    await page.keyboard.press("Shift+A");
    await shows(page, owner, "Unclaimed");
  });

  test("of two who grab at once one has it, and the other hears who", async () => {
    const pages = [await bed.page(), await bed.page({ who: "dev" })];
    await Promise.all(pages.map((page) => open(page, /Ivo/)));
    await Promise.all(pages.map((page) => page.keyboard.press("a")));
    const states = await Promise.all(
      pages.map((page) =>
        soon("it is somebody's", async () => {
          const text = await owner(page).textContent();
          return !text.includes("Unclaimed") && text.trim();
        }),
      ),
    );
    const won = states.map((state) => state === "Yours");
    assert.equal(won.filter(Boolean).length, 1, states.join(" | "));
    const names = ["Nora Whitfield", "Dev Rao"];
    const winner = won.indexOf(true);
    assert.ok(states[1 - winner].includes(names[winner]), states.join(" | "));
    bed.forgive(/status of 409/);
  });

  test("on a phone: list, conversation, answer box, all within the window", async () => {
    const page = await bed.page({ phone: true });
    await page.goto("/q/unclaimed");
    await page.getByRole("grid").waitFor();
    await fits(page, "list");
    await accessible(page, "list on a phone");
    await picture(page, "phone-list");
    await open(page, /Desmond/);
    await box(page).waitFor();
    await fits(page, "conversation");
    await accessible(page, "conversation on a phone");
    await picture(page, "phone-conversation");
    await page.getByRole("link", { name: /Back to/ }).click();
    await page.getByRole("grid").waitFor();
  });

  for (const dark of [false, true]) {
    const light = dark ? "dark" : "light";
    test(`axe finds nothing in the queue and a conversation, ${light}`, async () => {
      const page = await bed.page({ dark });
      await page.goto("/q/unclaimed");
      await page.getByRole("row").first().waitFor();
      await accessible(page, `queue, ${light}`);
      await picture(page, `queue-${light}`);
      await open(page, /Sunniva/);
      await box(page).waitFor();
      await accessible(page, `conversation, ${light}`);
      await fits(page);
      await picture(page, `conversation-${light}`);
    });
  }
});

// The whole way, as staff go it: from the link that signs them in to what the patron writes back.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { accessible, fits, house, missing, picture, startDeskbell } from "./support/house.mjs";

/** Waits until `question` gives something; the deadline only ends a test that has failed. */
async function soon(what, question, deadline = 60_000) {
  const end = Date.now() + deadline;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    assert.ok(Date.now() < end, `still waiting: ${what}`);
    await pause(50);
  }
}

const grid = (page) => page.getByRole("grid");
const owner = (page) => page.locator("#conversation header .owner");
const box = (page) => page.locator("#composer-text");
const articles = (page) => page.locator("#timeline article");
const shows = (page, what, words) => soon(words, async () => (await what(page).textContent()).includes(words));
const focused = (page) => page.evaluate(() => document.activeElement?.closest("[id]")?.id ?? "");

/** Goes down the list by key until the conversation of `patron` is beside it, and into it. */
async function open(page, patron) {
  await grid(page).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await page.waitForURL(/\/q\/unclaimed/);
  await grid(page).getByRole("row").first().waitFor();
  for (let at = 0; ; at++) {
    assert.ok(at < 60, `${patron} is nowhere in the list`);
    const before = page.url();
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.href !== before);
    if (patron.test(await page.locator("#conversation header").innerText())) break;
  }
  await page.keyboard.press("Enter");
  await articles(page).first().waitFor();
}

/** What the API says, asked as the page asks. */
const ask = (page, path, kind = "json") =>
  page.evaluate(async ([path, kind]) => (await fetch(`/api/v1${path}`))[kind](), [path, kind]);

/** Writes into the box that a key opens; in the box itself that key would be a letter. */
async function write(page, key, text) {
  await page.keyboard.press("Escape");
  await page.keyboard.press(key);
  await soon("the box has the focus", async () => (await focused(page)) === "composer-text");
  await page.keyboard.type(text);
  await page.keyboard.press("Control+Enter");
}

/** The value of a mail's header, unfolded. */
function header(raw, name) {
  const head = raw.split(/\r?\n\r?\n/)[0].replace(/\r?\n[ \t]+/g, " ");
  return head.match(new RegExp(`^${name}: *(.*)$`, "im"))?.[1].trim();
}

describe("the way of a question", { skip: missing() }, () => {
  // Patrons who answer at once; what they say comes by real IMAP and SMTP all the same.
  const bed = house({ start: () => startDeskbell(undefined, ["--ponder-ms", "300"]) });

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

  test("found, grabbed, noted and answered by keys alone; what the patron writes back comes to the same place", async () => {
    const page = await bed.page();
    await open(page, /Priya/);
    const address = page.url();
    const id = new URL(address).pathname.split("/").pop();
    assert.match(await owner(page).textContent(), /Unclaimed/, "opening claims nothing");
    assert.equal(await focused(page), "timeline");
    await page.keyboard.press("a");
    await shows(page, owner, "Yours");

    await write(page, "n", "Her third card this year: ask whether a keyring would help.");
    const note = articles(page).filter({ hasText: "ask whether a keyring" });
    await note.getByText("Staff note from you").waitFor();
    assert.match(await note.textContent(), /can't see this/);

    await write(page, "r", "Your new card is at the lending desk.");
    const answer = articles(page).filter({ hasText: "at the lending desk" });
    await answer.getByText(/Sending in \d+ s/).waitFor();
    const before = await articles(page).count();
    await answer.getByText("Sent", { exact: true }).waitFor({ timeout: 60_000 });
    await picture(page, "answered");

    await soon("Priya writes back", async () => (await articles(page).count()) > before, 40_000);
    assert.equal(page.url(), address, "in the same conversation");
    const last = articles(page).last();
    assert.match(await last.textContent(), /Priya/);
    assert.doesNotMatch(await last.textContent(), /Staff note|keyring/, "a note never leaves the house");

    const whole = await ask(page, `/conversations/${id}`);
    assert.equal(whole.state, "open", "she waits again");
    const hers = (await ask(page, "/conversations?view=all&limit=200")).items.filter(
      (row) => row.patron.id === whole.patron.id && row.created_at > whole.created_at,
    );
    assert.deepEqual(hers, [], "no conversation was opened by her answer");
    const [question, , reply, thanks] = whole.messages;
    assert.deepEqual(whole.messages.map(({ kind }) => kind), ["message", "note", "reply", "message"]);
    assert.equal(reply.delivery.state, "sent");
    // Her program names what it answers, and what that had answered: our mail told it both.
    const [asked, thanked] = await Promise.all(
      [question, thanks].map(({ id }) => ask(page, `/messages/${id}/original`, "text")),
    );
    const [first, ours] = [header(asked, "Message-ID"), header(thanked, "In-Reply-To")];
    assert.ok(first && ours && first !== ours, `${first} ${ours}`);
    assert.equal(header(thanked, "References"), `${first} ${ours}`);
  });

  test("done, open again, released", async () => {
    const page = await bed.page();
    await open(page, /Dilys/);
    await page.keyboard.press("a");
    await shows(page, owner, "Yours");
    await page.keyboard.press("e");
    const sheet = page.getByRole("dialog", { name: "Done" });
    await sheet.waitFor();
    await accessible(page, "done");
    await picture(page, "done");
    await page.keyboard.press("e");
    await sheet.waitFor({ state: "hidden" });
    const again = page.getByRole("toolbar").getByRole("button", { name: /Open again/ });
    await again.waitFor();
    await again.click();
    await page.getByRole("toolbar").getByRole("button", { name: /Done/ }).waitFor();
    await shows(page, owner, "Yours");
    await page.locator("#timeline").focus();
    await page.keyboard.press("Shift+A");
    await shows(page, owner, "Unclaimed");
  });

  test("I follow up on a day; the home library follows up; an outcome is changed later", async () => {
    const page = await bed.page();
    await open(page, /Rosalind/);
    const id = new URL(page.url()).pathname.split("/").pop();
    const state = () => ask(page, `/conversations/${id}`);
    const decide = async (outcome, title = "Done") => {
      await page.locator("#timeline").focus();
      await page.keyboard.press("e");
      const sheet = page.getByRole("dialog", { name: title });
      await sheet.getByRole("button", { name: outcome }).click();
      return sheet;
    };
    const sheet = await decide(/I will follow up/);
    await sheet.getByLabel("A word for colleagues").fill("the loan is late");
    await accessible(page, "follow up");
    await picture(page, "follow-up");
    await sheet.getByRole("button", { name: /Tomorrow morning/ }).click();
    await page.locator("#conversation header").getByText(/Follow up/).waitFor();
    await page.locator("#timeline").getByText(/will follow up on .*the loan is late/).waitFor();
    const put = await state();
    assert.deepEqual([put.state, put.outcome, put.snoozed_until], ["snoozed", "follow_up", put.follow_up_at]);
    await shows(page, owner, "Yours");

    const home = await decide(/Home library will follow up/);
    await home.getByLabel("At which desk").waitFor();
    await accessible(page, "home library");
    await picture(page, "home-library");
    await home.getByRole("button", { name: "Leave it to them" }).click();
    await shows(page, owner, "Unclaimed");
    const left = await state();
    assert.match(left.events.at(-1).words, /left this to .* to follow up by/);
    assert.deepEqual([left.state, left.outcome, left.owner_id], ["open", "home_library", null]);
    assert.equal(left.waiting_since, put.waiting_since, "whoever waits goes on waiting");
    await picture(page, "left-to-the-home-library");

    await decide(/Patron lost/);
    const again = page.getByRole("toolbar").getByRole("button", { name: /Open again/ });
    await again.waitFor();
    await decide(/Practice/, "Change the outcome");
    await page.locator("#conversation header").getByText("Practice", { exact: true }).waitFor();
    const told = (await state()).events.map(({ words }) => words);
    assert.match(told.at(-1), /changed the outcome from patron lost to practice/);
    await again.click();
    await page.getByRole("toolbar").getByRole("button", { name: /Done/ }).waitFor();
    const back = await state();
    assert.deepEqual([back.state, back.outcome, back.waiting_since], ["open", null, put.waiting_since]);
  });

  test("spam and no spam, urgent, and tags that a list is had by", async () => {
    const page = await bed.page();
    await open(page, /Desmond/);
    const id = new URL(page.url()).pathname.split("/").pop();
    const state = () => ask(page, `/conversations/${id}`);
    const before = await state();
    const toolbar = page.getByRole("toolbar");
    const more = async (word) => {
      await toolbar.getByRole("button", { name: "More" }).click();
      await page.getByRole("dialog", { name: "More" }).getByRole("button", { name: word }).click();
    };
    await more(/Mark as urgent/);
    await page.locator("#conversation header").getByText("Urgent", { exact: true }).waitFor();
    await page.locator("#timeline").focus();
    await page.keyboard.press("l");
    const sheet = page.getByRole("dialog", { name: "Tags" });
    await sheet.getByLabel("A new tag").fill("PIN");
    await sheet.getByRole("button", { name: "Add and put on" }).click();
    await sheet.getByRole("checkbox", { name: "PIN", checked: true }).waitFor();
    await accessible(page, "tags");
    await picture(page, "tags");
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "hidden" });
    await page.locator("#conversation header").getByText("PIN", { exact: true }).waitFor();
    await page.getByLabel("Tag", { exact: true }).selectOption({ label: "PIN" });
    await page.waitForURL(/tag=/);
    await soon("his is the only one", async () => (await grid(page).getByRole("row").count()) === 1);
    await grid(page).getByRole("row").filter({ hasText: "Desmond" }).waitFor();
    await picture(page, "tagged");

    await more(/Mark as spam/);
    await toolbar.getByRole("button", { name: "Not spam" }).waitFor();
    await page.goto(`/q/spam/${id}`);
    await grid(page).getByRole("row").filter({ hasText: "Desmond" }).waitFor();
    assert.deepEqual([(await state()).state, (await state()).waiting_since], ["spam", null]);
    await accessible(page, "spam");
    await picture(page, "spam");
    await toolbar.getByRole("button", { name: "Not spam" }).click();
    await toolbar.getByRole("button", { name: /Done/ }).waitFor();
    const back = await state();
    assert.deepEqual([back.state, back.waiting_since, back.due_at], ["open", before.waiting_since, before.due_at]);
    await more(/Not urgent/);
    await soon("it waits its turn", async () => !(await state()).urgent);
    const phone = await bed.page({ phone: true });
    await phone.goto(`/c/${id}`);
    await articles(phone).first().waitFor();
    await fits(phone, "a tagged conversation on a phone");
    await picture(phone, "phone-tagged");
  });

  test("of two who grab at once one has it, and the other hears who", async () => {
    const pages = [await bed.page(), await bed.page({ who: "dev" })];
    await Promise.all(pages.map((page) => open(page, /Rosalind/)));
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

  test("of two who claim next at once each has another one, and can write at once", async () => {
    const pages = [await bed.page(), await bed.page({ who: "dev" })];
    await Promise.all(pages.map((page) => grid(page).waitFor()));
    await Promise.all(pages.map((page) => page.keyboard.press("c")));
    await Promise.all(pages.map((page) => page.waitForURL(/\/desk\/[0-9a-f-]{36}/)));
    await Promise.all(pages.map((page) => shows(page, owner, "Yours")));
    const [hers, his] = pages.map((page) => new URL(page.url()).pathname);
    assert.notEqual(hers, his);
    for (const page of pages) await soon("the answer box", async () => (await focused(page)) === "composer-text");
  });

  test("handed to a colleague, who accepts; handed to one who cannot; and watched", async () => {
    const [nora, dev] = [await bed.page(), await bed.page({ who: "dev" })];
    const hand = async (page, to) => {
      await page.locator("#timeline").focus();
      await page.keyboard.press("h");
      const dialog = page.getByRole("dialog", { name: "Hand off" });
      await dialog.getByLabel("To", { exact: true }).selectOption({ label: to });
      await dialog.getByLabel("Why").selectOption({ label: "Needs a specialist" });
      const button = dialog.getByRole("button", { name: "Hand off" });
      assert.equal(await button.isEnabled(), false, "what they told us is missing");
      await dialog.getByLabel("What they already told us").fill("He has the first edition and wants the second.");
      return { dialog, button };
    };
    const asks = (page) => page.getByRole("region", { name: /Hand-off from/ });

    await open(nora, /Dilys/);
    await nora.keyboard.press("a");
    await shows(nora, owner, "Yours");
    const { dialog, button } = await hand(nora, "Dev Rao");
    await accessible(nora, "hand off");
    await picture(nora, "hand-off");
    await button.click();
    await dialog.waitFor({ state: "hidden" });
    await nora.getByText(/Waiting for Dev/).waitFor();
    await picture(nora, "hand-off-waits");
    await asks(dev).getByText(/He has the first edition/).waitFor();
    await accessible(dev, "a hand-off that comes in");
    await picture(dev, "hand-off-comes-in");
    await asks(dev).getByRole("button", { name: "Accept" }).click();
    await dev.waitForURL(/\/desk\/[0-9a-f-]{36}/);
    await shows(dev, owner, "Yours");
    await asks(dev).waitFor({ state: "detached" });
    await shows(nora, owner, "Dev");
    await nora.locator("#timeline").getByText("Dev Rao took this over from Nora Whitfield").waitFor();
    const address = new URL(dev.url()).pathname.split("/").pop();

    // She watches it from then on, until she does not.
    await nora.goto("/q/watching");
    await grid(nora).getByRole("row").first().waitFor();
    assert.match(await grid(nora).getByRole("row").first().innerText(), /Dilys/);
    await picture(nora, "watching");
    await nora.goto(`/c/${address}`);
    await articles(nora).first().waitFor();
    const watch = nora.getByRole("toolbar").getByRole("button", { name: "Watch" });
    await soon("it is watched", async () => (await watch.getAttribute("aria-pressed")) === "true");
    await nora.keyboard.press("w");
    await soon("it is not", async () => !(await ask(nora, `/conversations/${address}`)).watching);

    // And back: she cannot, and it waits for everybody.
    await dev.locator("#timeline").focus();
    const back = await hand(dev, "Nora Whitfield");
    await back.button.click();
    const phone = await bed.page({ phone: true });
    await asks(phone).waitFor();
    await fits(phone, "a hand-off on a phone");
    await picture(phone, "phone-hand-off-comes-in");
    await asks(nora).getByRole("button", { name: /Not now/ }).click();
    await nora.getByLabel("Why not now").fill("Three people at the counter");
    await nora.getByRole("button", { name: "Say not now" }).click();
    await asks(nora).waitFor({ state: "detached" });
    await shows(dev, owner, "Unclaimed");
    await dev.locator("#timeline").getByText(/Nora Whitfield cannot take this now: Three people at the counter/).waitFor();
  });

  test("on a phone: list, conversation, answer box, all within the window", async () => {
    const page = await bed.page({ phone: true });
    await page.goto("/q/unclaimed");
    await grid(page).getByRole("row").first().waitFor();
    await fits(page, "list");
    await accessible(page, "list on a phone");
    await picture(page, "phone-list");
    await grid(page).getByRole("row").first().getByRole("link").first().tap();
    await box(page).waitFor();
    await fits(page, "conversation");
    await accessible(page, "conversation on a phone");
    await picture(page, "phone-conversation");
    await page.getByRole("link", { name: /Back to/ }).click();
    await grid(page).waitFor();
  });

  for (const dark of [false, true]) {
    const light = dark ? "dark" : "light";
    test(`axe finds nothing in the queue and a conversation, ${light}`, async () => {
      const page = await bed.page({ dark });
      await page.goto("/q/unclaimed");
      await grid(page).getByRole("row").first().waitFor();
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

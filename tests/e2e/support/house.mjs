// A running Deskbell with its demo library, and a browser that is signed in to it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { leash } from "./leash.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SCREENS =
  process.env.DESKBELL_SCREENS ?? fileURLToPath(new URL("../../../target/screens", import.meta.url));

// --no-sandbox: tests run as root in many places. The others keep Chromium from calling home.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What WCAG 2.2 AA asks, and what axe calls good practice. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Why browser tests cannot run here; `undefined` where they can. Where CI is set, a reason fails instead. */
export function missing() {
  if (existsSync(CHROMIUM)) return undefined;
  assert.ok(!process.env.CI, `${CHROMIUM} is missing, and where CI is set nothing is skipped: run \`make tools\``);
  return `${CHROMIUM} is missing; \`make tools\` installs it`;
}

/** Starts the program in a directory of its own and waits until it says where it listens and how to sign in. */
export async function startDeskbell(binary = process.env.DESKBELL_BIN, extra = []) {
  assert.ok(binary, "DESKBELL_BIN names the program to test; `make test-browser` sets it");
  const dir = mkdtempSync(join(tmpdir(), "bell-e2e-"));
  const program = leash(dir, [binary, "demo", "--listen", "127.0.0.1:0", "--data", dir, "--quiet", ...extra]);
  const said = [];
  createInterface({ input: program.stderr }).on("line", (line) => said.push(line));
  let address;
  for await (const line of createInterface({ input: program.stdout })) {
    said.push(line);
    address ??= line.match(/^ready (http:\/\/\S+)/)?.[1];
    const link = address && !line.startsWith("ready ") && line.match(/http:\/\/\S+/)?.[0];
    if (link) {
      // The program goes on talking; a pipe that nobody reads would stop it.
      program.stdout.resume();
      const invite = (who) => linkFor(binary, dir, address, `${who}@fernhill.example`);
      return { address, link, dir, said, invite, stop: program.stop };
    }
  }
  await program.stop();
  throw new Error(`deskbell ended before it was ready:\n${said.join("\n")}`);
}

/** A fresh link that signs `who` in once, from the command line beside the running program. */
async function linkFor(binary, dir, address, who) {
  const { stdout } = await promisify(execFile)(binary, ["staff", "link", who, "--data", dir]);
  return new URL(new URL(stdout.trim()).search, `${address}/sign-in`).href;
}

export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/**
 * One Deskbell and one browser for the tests of a file. After each test its pages are closed, and a page that wrote
 * an error to its console, a refused script or request among them, fails it.
 */
export function house({ start = startDeskbell } = {}) {
  let deskbell;
  let browser;
  let contexts = [];
  let errors = [];
  // A link works once; whoever has come in stays signed in for the tests that follow.
  const sessions = new Map();

  before(async () => {
    if (missing()) return;
    [deskbell, browser] = await Promise.all([start(), launch()]);
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    const seen = errors;
    contexts = [];
    errors = [];
    assert.deepEqual(seen, [], "errors in the browser's console");
  });
  after(async () => {
    await browser?.close();
    await deskbell?.stop();
  });

  return {
    get address() {
      return deskbell.address;
    },
    /** Where it keeps everything: the command line works on it too. */
    get dir() {
      return deskbell.dir;
    },
    get browser() {
      return browser;
    },
    /** A link that signs somebody of the staff in, once. */
    invite: (who) => deskbell.invite(who),
    /** A page in a browser of its own: signed in as `who` unless that is null, at the desk unless `phone`. */
    async page({ who = "nora", phone = false, dark = false, size, proxy } = {}) {
      const context = await browser.newContext({
        storageState: sessions.get(who),
        viewport: size ?? (phone ? { width: 390, height: 844 } : { width: 1440, height: 900 }),
        hasTouch: phone,
        colorScheme: dark ? "dark" : "light",
        reducedMotion: "reduce",
        baseURL: deskbell.address,
        proxy,
      });
      contexts.push(context);
      const page = await context.newPage();
      // It only ends a test that has failed.
      page.setDefaultTimeout(60_000);
      page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(`${page.url()}: ${message.text()}`);
      });
      if (who === null || sessions.has(who) || !deskbell.invite) {
        await page.goto("/");
        return page;
      }
      await page.goto(await deskbell.invite(who));
      await page.waitForURL((url) => url.pathname !== "/sign-in");
      sessions.set(who, await context.storageState());
      return page;
    },
    /** Forgets errors that a test expects, as of a page that loses its server on purpose; says how many there were. */
    forgive(pattern) {
      const before = errors.length;
      errors = errors.filter((error) => !pattern.test(error));
      return before - errors.length;
    },
  };
}

/** Keeps a picture of the page under target/screens. */
export async function picture(page, name) {
  mkdirSync(SCREENS, { recursive: true });
  const path = join(SCREENS, `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  return path;
}

/** Fails with one line for each thing that axe finds, and the first element that has it. */
export async function accessible(page, name = page.url()) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.length}x, first: ${nodes[0].html.slice(0, 160)})`,
  );
  assert.deepEqual(found, [], `axe on ${name}`);
}

/** Fails when the page can be pushed sideways. */
export async function fits(page, name = page.url()) {
  const { inner, outer } = await page.evaluate(() => ({
    inner: document.documentElement.scrollWidth,
    outer: document.documentElement.clientWidth,
  }));
  assert.ok(inner <= outer, `${name} is ${inner - outer} px wider than its window`);
}

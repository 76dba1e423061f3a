// The browser bed itself: it sees what is wrong with a page, and leaves nothing behind.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { accessible, fits, house, missing, picture, startDeskbell } from "./support/house.mjs";

const PAGES = {
  "/": `<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1><p>Nothing is wrong here.</p></main></html>`,
  "/bad": `<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1><img src="data:,"><p style="width:2000px">wide</p></main></html>`,
  "/loud": `<!doctype html><html lang="en"><title>Loud</title><script>console.error("out of tune")</script></html>`,
};

async function standIn() {
  const server = createServer((request, response) => {
    const page = PAGES[request.url];
    response.writeHead(page ? 200 : 204, { "content-type": "text/html" }).end(page);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  return { address, link: `${address}/`, stop: () => new Promise((resolve) => server.close(resolve)) };
}

describe("the browser", { skip: missing() }, () => {
  const bed = house({ start: standIn });

  test("finds nothing on a good page and takes its picture", async () => {
    const page = await bed.page();
    await accessible(page);
    await fits(page);
    const path = await picture(page, "bed");
    assert.ok(readFileSync(path).subarray(1, 4).equals(Buffer.from("PNG")));
  });

  test("finds an image without words and a page that is too wide", async () => {
    const page = await bed.page({ phone: true });
    await page.goto("/bad");
    await assert.rejects(accessible(page), /image-alt/);
    await assert.rejects(fits(page), /wider than its window/);
  });

  test("hears a page that writes an error to its console", async () => {
    const page = await bed.page();
    await page.goto("/loud");
    // Without this the test would fail when it ends: that is the rule it shows.
    assert.equal(bed.forgive(/out of tune/), 1);
  });
});

/** A directory for one test. */
function scratch(t) {
  const dir = mkdtempSync(join(tmpdir(), "bell-bed-"));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}

test("a program that ends early is reported with what it said", async (t) => {
  const dir = scratch(t);
  const program = join(dir, "deskbell");
  writeFileSync(program, "#!/bin/sh\necho 'the port is taken' >&2\nexit 1\n", { mode: 0o755 });
  await assert.rejects(startDeskbell(program), /ended before it was ready:\nthe port is taken/);
});

test("a program is found by what it says and stopped with its directory", async (t) => {
  const dir = scratch(t);
  const program = join(dir, "deskbell");
  const script = `#!/bin/sh
echo "ready http://127.0.0.1:1"
echo "Sign in: http://127.0.0.1:1/sign-in?token=t"
echo "$$ $5" > ${dir}/told
exec sleep 1000
`;
  writeFileSync(program, script, { mode: 0o755 });
  const running = await startDeskbell(program);
  assert.equal(running.address, "http://127.0.0.1:1");
  assert.equal(running.link, "http://127.0.0.1:1/sign-in?token=t");
  const told = join(dir, "told");
  while (!existsSync(told) || !readFileSync(told, "utf8").endsWith("\n")) await pause(5);
  const [pid, data] = readFileSync(told, "utf8").trim().split(" ");
  assert.ok(existsSync(`/proc/${pid}`) && existsSync(data), "it runs in the directory it was given");
  await running.stop();
  assert.ok(!existsSync(data), "the directory is gone");
  assert.throws(() => process.kill(Number(pid), 0), /ESRCH/, "the program is gone");
});

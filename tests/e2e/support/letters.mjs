// Letters for the library, put in by its own command line: they come in by the door that all mail comes by.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const program = () => process.env.DESKBELL_BIN;

/** A mail in HTML; `pictures` (name to base64 of a PNG) are enclosed, and `cid:name` shows them. */
export function letter({ subject, html, from = "Ada Brook <ada@brook.example>", pictures = {} }) {
  const head = [
    `From: ${from}`,
    "To: ask@fernhill.example",
    `Subject: ${subject}`,
    `Message-ID: <${process.hrtime.bigint()}.${Math.random()}@brook.example>`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
  ];
  const text = ["Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "", lines(html)];
  const names = Object.keys(pictures);
  if (!names.length) return [...head, ...text].join("\r\n");
  const enclosed = names.flatMap((name) => [
    "--related",
    `Content-Type: image/png; name="${name}.png"`,
    `Content-Disposition: inline; filename="${name}.png"`,
    `Content-ID: <${name}>`,
    "Content-Transfer-Encoding: base64",
    "",
    pictures[name],
  ]);
  const type = 'Content-Type: multipart/related; boundary="related"; type="text/html"';
  return [...head, type, "", "--related", ...text, ...enclosed, "--related--", ""].join("\r\n");
}

const lines = (text) => Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\r\n");

/** Lets letters come in (`as` messages, where nothing else is told) beside the running program, from a folder as mail programs export it. */
export async function arrive(dir, letters, as = `${letters.length} messages`) {
  const box = mkdtempSync(join(tmpdir(), "bell-letters-"));
  try {
    letters.forEach((raw, number) => writeFileSync(join(box, `${number}.eml`), raw));
    const told = await run(program(), ["mail", "import", box, "--channel", "Ask Fernhill", "--data", dir]);
    assert.match(told.stdout, new RegExp(`${letters.length} mails: .*${as}`), told.stdout);
  } finally {
    rmSync(box, { recursive: true });
  }
}

/** What the program makes of the markup of a mail, without the document around it that forbids things. */
export async function sanitised(html) {
  const told = run(program(), ["mail", "html", "-"]);
  told.child.stdin.end(letter({ subject: "A payload", html: `<p>Dear library</p>\n${html}` }));
  const { stdout } = await told;
  const [, body] = stdout.match(/<body>(.*)<\/body><\/html>\s*$/s);
  assert.match(body, /Dear library/);
  return `<!doctype html><meta charset=utf-8><title>x</title>${body}`;
}

/** `tasks` done so many at a time; the results in their order. */
export async function inTurns(many, tasks, act) {
  const results = new Array(tasks.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < tasks.length; at = next++) results[at] = await act(tasks[at]);
  };
  await Promise.all(Array.from({ length: many }, worker));
  return results;
}

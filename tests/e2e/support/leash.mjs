// A program that cannot outlive the test process, not even one that is killed.
import { spawn } from "node:child_process";

// `cat` ends when the pipe from this process does; then the program is stopped and its directory removed. The watcher
// lets go of the output at once: it belongs to the program, and writing to it after this process is gone would be fatal.
const WATCHER = `
set -m
dir=$1; shift
"$@" </dev/null &
program=$!
exec >/dev/null 2>&1
cat
kill -- "-$program"
{ sleep 10; kill -s KILL -- "-$program"; } &
deadline=$!
wait "$program"
kill -- "-$deadline"
rm -rf -- "$dir"
`;

/** Starts `command` with its output piped; `dir` is removed when it ends. */
export function leash(dir, command, environment = {}) {
  const child = spawn("bash", ["-c", WATCHER, "leash", dir, ...command], {
    stdio: ["pipe", "pipe", "pipe"],
    // A process group of its own: Ctrl-C ends the tests, and the end of the tests ends this.
    detached: true,
    env: { ...process.env, ...environment },
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    stop() {
      child.stdin.end();
      return ended;
    },
  };
}

// Runs one story in a real browser against a real stack: node run.mjs STORY OPTIONS, with OPTIONS as JSON (see ConsoleStories.cs).
// Prints one JSON line per step: {"step", "ok", "error"?, …}. A failed step ends the story, and its screenshot is in the folder from the options.
import { Browser, must } from './browser.mjs';

const [story, text] = process.argv.slice(2);
const options = JSON.parse(text);
const { default: steps } = await import(`./stories/${story}.mjs`);
const browser = await Browser.start(options);
let ok = true;
for (const [name, run] of Object.entries(steps(browser, options))) {
  const result = { step: name, ok: true };
  const started = Date.now();
  try {
    Object.assign(result, await run());
    must(browser.complaints.length === 0, `The page reported errors: ${browser.complaints.join(' | ')}`);
  } catch (error) {
    Object.assign(result, { ok: (ok = false), error: error.message });
    await browser.shot('failed').catch(() => {});
  }

  process.stdout.write(`${JSON.stringify({ ...result, milliseconds: Date.now() - started })}\n`);
  if (!ok) break;
}

await browser.stop();
process.exitCode = ok ? 0 : 1;

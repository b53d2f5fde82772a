// What a person does in the console, in a real browser against a real stack.
// node stories.mjs STORY ADDRESS KEY WORKSPACE API FOLDER CHROMIUM
// One JSON line per step on standard output: {"step", "ok", "error"?, …}. A failed step ends the story; its picture is in FOLDER.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [story, address, key, workspace, clockify, folder, executablePath] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const console_ = `${address}api/console`;
const steps = [];
const step = (name, run) => steps.push([name, run]);

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: false });
const page = await context.newPage();
page.setDefaultTimeout(15_000);

// The page must be free of errors and violations of its policy, whatever is done in it.
const complaints = [];
page.on('pageerror', error => complaints.push(error.message));
page.on('console', message => {
  if (message.type() === 'error' && !/status of (400|401|404|409|412)/.test(message.text())) complaints.push(message.text());
});

const shot = name => page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
const must = (held, what) => { if (!held) throw new Error(what); };
const see = text => page.getByText(text, { exact: false }).first().waitFor();
const field = path => page.locator(`[data-path="${path}"]`);
const code = label => page.getByRole('textbox', { name: label });

async function write(label, text) {
  await code(label).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

async function eventually(what, held, patience = 60_000) {
  for (const end = Date.now() + patience; Date.now() < end;) {
    if (await held()) return;
    await page.waitForTimeout(100);
  }

  throw new Error(`Not within ${patience / 1000} s: ${what}`);
}

async function open(view = '') {
  await page.goto(`${console_}#/${view}`);
  if (await page.getByLabel('Key', { exact: true }).isVisible().catch(() => false)) await giveKey(key);
}

async function giveKey(text) {
  await page.getByLabel('Key', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

/** Nothing that axe calls serious or critical, and nothing wider than the screen. */
async function accessible(name) {
  for (const colorScheme of ['light', 'dark'])
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      // Outside the page's world: its policy lets no other script in.
      const cdp = await context.newCDPSession(page);
      await cdp.send('Runtime.evaluate', { expression: axe });
      // Transitions of colours end at once, and the next frame is drawn: axe judges what is on the screen.
      await page.evaluate(() => { for (const one of document.getAnimations()) one.finish(); });
      await page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      const serious = found.violations.filter(one => ['serious', 'critical'].includes(one.impact));
      await shot(`${name}-${colorScheme}-${width}`);
      must(serious.length === 0, `${name}, ${colorScheme}, ${width} px: ${serious.map(one => `${one.id}: ${one.nodes.map(node => `${node.target} ${node.failureSummary}`).slice(0, 3).join('; ')}`).join(' | ')}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      must(over <= 0, `${name}, ${width} px: the page is ${over} px too wide.`);
      await cdp.detach();
    }

  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function createFromJson(id, config) {
  await open('new');
  await page.getByLabel('Name', { exact: true }).fill(id);
  await page.getByRole('tab', { name: 'JSON' }).click();
  await write('Destination config as JSON', JSON.stringify(config));
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: id }).waitFor();
}

const delivered = async () => Number((await page.getByTestId('delivered').textContent()).replace(/\D/g, '') || -1);

if (story === 'delivery') {
  step('a wrong key is refused, and the right one is kept for the session only', async () => {
    await page.goto(console_);
    await accessible('key');
    await giveKey('wrong');
    await see('refused that key');
    await giveKey(key);
    await page.getByRole('link', { name: 'entries', exact: true }).waitFor();
    must(await page.evaluate(() => localStorage.length) === 0, 'Something is kept in localStorage.');
    await page.reload();
    await page.getByRole('link', { name: 'entries', exact: true }).waitFor();
    must(!page.url().includes(key), 'The key is in the address.');
  });
  step('the list shows what is active', async () => {
    await see('active');
    await accessible('list');
  });
  step('a destination is created, paused', async () => {
    await createFromJson('from-console', { credential: 'default', endpoint: 'createTimeEntry', inputs: { workspaceId: workspace }, excludeAttributes: ['internal'] });
    await page.locator('.pill', { hasText: 'paused' }).waitFor();
    await accessible('settings');
  });
  step('a name that is taken is refused, and what is not saved is not left without a question', async () => {
    await open('new');
    await page.getByLabel('Name', { exact: true }).fill('entries');
    await page.getByRole('tab', { name: 'JSON' }).click();
    await write('Destination config as JSON', JSON.stringify({ credential: 'default', endpoint: 'createTag', inputs: { workspaceId: workspace } }));
    await page.getByRole('button', { name: 'Save' }).click();
    await see('is taken; choose another name');
    const asked = page.waitForEvent('dialog').then(dialog => dialog.dismiss());
    await page.getByRole('link', { name: 'Destinations' }).click();
    await asked;
    await page.getByRole('heading', { name: 'New destination' }).waitFor();
    page.once('dialog', dialog => dialog.accept());
    await page.getByRole('link', { name: 'Destinations' }).click();
    await page.getByRole('link', { name: 'from-console', exact: true }).click();
    await page.getByRole('heading', { name: 'from-console' }).waitFor();
  });
  step('records are queued, delivered once active, and counted', async () => {
    const records = [1, 2, 3].map(hour => JSON.stringify({ start: `2026-11-02T0${hour}:00:00Z`, end: `2026-11-02T0${hour}:30:00Z`, description: `browser ${hour}`, internal: 'x' }));
    await write('Sample records', `[${records.join(',')}]`);
    await page.getByRole('button', { name: 'Queue these records' }).click();
    await see('3 records queued');
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.locator('.pill', { hasText: 'active' }).waitFor();
    await page.getByRole('link', { name: 'Activity' }).click();
    await eventually('three records delivered', async () => (await delivered()) === 3);
    await accessible('activity');
  });
  step('pausing is one key press away, and says so', async () => {
    await page.getByRole('button', { name: 'Pause' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.pill', { hasText: 'paused' }).waitFor();
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });
  step('a refused record is in the quarantine with its reason', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await write('Sample records', '{"start":"2026-11-02T10:00:00","description":"no zone"}');
    await page.getByRole('button', { name: 'Queue these records' }).click();
    await see('1 record queued');
    await page.getByRole('link', { name: 'Quarantine' }).click();
    await eventually('the record in the quarantine', () => page.locator('.entry').count());
    await see('zone');
    await accessible('quarantine');
  });
  step('with its cause gone it is replayed and delivered', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('tab', { name: 'Template' }).click();
    await page.getByText('Time zone, validation, retries').click();
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByRole('button', { name: 'Save' }).click();
    await see('Saved.');
    await page.getByRole('link', { name: 'Quarantine' }).click();
    await page.getByRole('button', { name: 'Replay all' }).click();
    await see('The quarantine is empty');
    await page.getByRole('link', { name: 'Activity' }).click();
    await eventually('the fourth record delivered', async () => (await delivered()) === 4);
  });
  step('the page is quick', async () => {
    const fresh = await context.newPage();
    await fresh.addInitScript(value => sessionStorage.setItem('functionKey', value), key);
    await fresh.goto(console_);
    await fresh.getByRole('link', { name: 'entries', exact: true }).waitFor();
    const timing = await fresh.evaluate(() => ({
      domInteractive: performance.getEntriesByType('navigation')[0].domInteractive,
      firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      usable: performance.now(),
      kilobytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(one => one.name.includes('/console')).reduce((sum, one) => sum + one.encodedBodySize, 0) / 1000,
      rawKilobytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(one => one.name.includes('/console')).reduce((sum, one) => sum + one.decodedBodySize, 0) / 1000,
    }));
    await fresh.close();
    must(timing.kilobytes > 0 && timing.kilobytes < 250, `The page has ${timing.kilobytes} kB.`);
    return timing;
  });
}

if (story === 'preview') {
  step('a destination is made from a template, and its payload seen at once', async () => {
    await open('new');
    await page.getByLabel('Name', { exact: true }).fill('seen-first');
    await page.getByLabel('Endpoint').selectOption('createTimeEntry');
    await see('is missing');
    await write('Workspace ID', workspace);
    await write('Sample records', '[{"start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"first","internal":"secret"},{"start":"2026-11-02T10:00:00Z","description":"second"}]');
    await see('2 requests');
    await eventually('the payload', async () => (await page.getByLabel('Body', { exact: true }).first().textContent()).includes('secret'));
    await accessible('preview');
  });
  step('the payload follows the settings', async () => {
    await page.getByRole('button', { name: 'internal', exact: true }).click();
    await eventually('the excluded attribute gone', async () => !(await page.getByLabel('Body', { exact: true }).first().textContent()).includes('secret'));
    for (const [attribute, value] of [['start', '2026-11-02T08:00:00Z'], ['', 'first']]) {
      await page.getByLabel('description', { exact: true }).fill(attribute);
      await eventually(`the description from '${attribute}'`, async () => (await page.getByLabel('Body', { exact: true }).first().textContent()).replaceAll(' ', '').includes(`"description":"${value}"`));
    }
  });
  step('a broken macro is marked at its field', async () => {
    await page.getByRole('tab', { name: 'Advanced' }).click();
    await page.getByLabel('Method').selectOption('POST');
    await write('URL', `${clockify}workspaces/${workspace}/tags/{recrod.name}`);
    // Until the preview has the new URL, the field may still show that the old one is missing.
    await eventually('the problem at the URL, which names the macro', async () => (await field('$.url').locator('.problems').allTextContents()).some(text => text.includes('recrod')));
    await accessible('broken-macro');
  });
  step('macros complete from the sample records', async () => {
    await code(/^URL/).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(`${clockify}workspaces/${workspace}/`);
    await page.keyboard.type('{');
    await page.getByRole('option', { name: '{record.description}' }).waitFor();
    await shot('macro-completion');
    await page.keyboard.press('Escape');
  });
  step('a sample is changed, sent as a test, and answered', async () => {
    await page.getByRole('tab', { name: 'Template' }).click();
    await see('2 requests');
    await page.getByRole('button', { name: 'Test …' }).first().click();
    await write('Body of the test request', '{"start":"2026-11-02T08:00:00Z","description":"a test"}');
    await page.getByRole('button', { name: 'Send test data' }).click();
    await page.locator('.response .pill', { hasText: '201' }).waitFor({ timeout: 60_000 });
    await accessible('test');
    await page.keyboard.press('Escape');
  });
  step('the connection is checked', async () => {
    await page.getByRole('button', { name: 'Check connection' }).click();
    await see('Connected as');
  });
  step('it is saved, and its waiting records are the samples', async () => {
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'seen-first' }).waitFor();
    await write('Sample records', '{"start":"2026-11-02T08:00:00Z","description":"waits here"}');
    await page.getByRole('button', { name: 'Queue these records' }).click();
    await see('1 record queued');
    await eventually('the waiting record', async () => {
      await page.getByRole('radio', { name: 'Paste' }).check();
      await page.getByRole('radio', { name: 'Waiting records' }).check();
      await page.waitForFunction(() => document.querySelector('.results').getAttribute('aria-busy') === 'false');
      return (await page.locator('.results').textContent()).includes('waits here');
    });
  });
}

let ok = true;
for (const [name, run] of steps) {
  const result = { step: name, ok: true };
  try {
    Object.assign(result, await run());
    must(complaints.length === 0, `The page complained: ${complaints.join(' | ')}`);
  } catch (error) {
    Object.assign(result, { ok: (ok = false), error: error.message });
    await shot('failed').catch(() => {});
  }

  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (!ok) break;
}

await browser.close();
process.exitCode = ok ? 0 : 1;

// The browser with the console, and the operations of the stories.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

export const must = (held, what) => { if (!held) throw new Error(what); };

export class Browser {
  /** Errors and policy violations of the page; there must be none, whatever a story does. */
  complaints = [];

  static async start(options) {
    const own = new Browser();
    own.options = options;
    own.console = `${options.address}api/console`;
    own.chromium = await chromium.launch({ executablePath: options.chromium, args: ['--no-sandbox', '--disable-gpu'] });
    own.context = await own.chromium.newContext({ viewport: desktop });
    own.page = await own.context.newPage();
    own.page.setDefaultTimeout(20_000);
    own.page.on('pageerror', error => own.complaints.push(error.message));
    own.page.on('console', message => {
      if (message.type() === 'error' && !/status of (400|401|404|409|412|504)/.test(message.text())) own.complaints.push(message.text());
    });
    return own;
  }

  // Functions are properties, so that a story can destructure those that it needs.
  stop = () => this.chromium.close();
  shot = name => this.page.screenshot({ path: join(this.options.folder, `${name}.png`), fullPage: true });
  see = text => this.page.getByText(text, { exact: false }).first().waitFor();
  button = name => this.page.getByRole('button', { name, exact: true });
  link = name => this.page.getByRole('link', { name, exact: true });
  tab = name => this.page.getByRole('tab', { name });
  field = path => this.page.locator(`[data-path="${path}"]`);
  code = label => this.page.getByRole('textbox', { name: label });
  pill = text => this.page.locator('h1 .pill', { hasText: text });
  count = selector => this.page.locator(selector).count();

  write = async (label, text) => {
    await this.code(label).click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
  };

  /** Polls a condition for which Playwright has no wait. */
  eventually = async (what, condition, patience = 60_000) => {
    for (const end = Date.now() + patience; Date.now() < end;) {
      if (await condition()) return;
      await this.page.waitForTimeout(100);
    }

    throw new Error(`Not within ${patience / 1000} s: ${what}`);
  };

  open = async (view = '') => {
    await this.page.goto(`${this.console}#/${view}`);
    if (await this.page.getByLabel('Key', { exact: true }).isVisible().catch(() => false)) await this.giveKey(this.options.key);
  };

  giveKey = async (text) => {
    await this.page.getByLabel('Key', { exact: true }).fill(text);
    await this.page.keyboard.press('Enter');
  };

  /** Calls the API directly, without the page. */
  api = async (path, method = 'GET', body) => {
    const answer = await fetch(`${this.options.address}api/${path}`, {
      method, headers: { 'x-functions-key': this.options.key, 'content-type': 'application/json' }, body: body === undefined ? undefined : JSON.stringify(body),
    });
    must(answer.ok, `${method} ${path}: ${answer.status} ${await (answer.ok ? '' : answer.text())}`);
    return answer.status === 204 ? undefined : answer.json();
  };

  createFromJson = async (id, config) => {
    await this.open('new');
    await this.page.getByLabel('Name', { exact: true }).fill(id);
    await this.tab('JSON').click();
    await this.write('Destination config as JSON', JSON.stringify(config));
    await this.button('Save').click();
    await this.page.getByRole('heading', { name: id }).waitFor();
  };

  /** No violation that axe knows of and nothing wider than the screen, on a light desktop and on a dark phone. */
  accessible = async (name) => {
    for (const [colorScheme, size] of [['light', desktop], ['dark', phone]]) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.setViewportSize(size);
      // The content policy of the page blocks other scripts, so axe is injected from outside.
      const cdp = await this.context.newCDPSession(this.page);
      if (!await this.page.evaluate(() => 'axe' in window)) await cdp.send('Runtime.evaluate', { expression: axe });
      // Wait for the end of the color transition, because axe measures the current colors.
      await this.page.evaluate(() => Promise.all(document.getAnimations().map(one => one.finished.catch(() => {}))));
      const found = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      if (process.env.PICTURES) await this.shot(`${name}-${colorScheme}-${size.width}`);
      must(found.violations.length === 0, `${name}, ${colorScheme}, ${size.width} px: ${found.violations.map(one => `${one.id}: ${one.nodes.map(node => `${node.target} ${node.failureSummary}`).slice(0, 3).join('; ')}`).join(' | ')}`);
      const over = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      must(over <= 0, `${name}, ${size.width} px: the page is ${over} px too wide.`);
      await cdp.detach();
    }

    await this.page.emulateMedia({ colorScheme: 'light' });
    await this.page.setViewportSize(desktop);
  };
}

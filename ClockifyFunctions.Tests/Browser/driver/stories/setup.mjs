// The first minutes: the key, an empty form, the workspace, samples, the first requests.
import { must } from '../browser.mjs';

export default (browser, { key, workspace, api }) => {
  const { page, see, button, link, tab, field, code, count, write, eventually, open, accessible } = browser;
  /** The name of the link ends with a number while destinations need a person. */
  const destinations = () => page.getByRole('link', { name: /^Destinations/ });
  const body = () => page.getByLabel('Body', { exact: true }).first().textContent();
  const records = Array.from({ length: 10_000 }, (_, index) => JSON.stringify({ start: '2026-11-02T08:00:00Z', end: '2026-11-02T09:00:00Z', description: `of a file ${index}` })).join('\n');

  return {
    'a wrong key is refused, and the right one is kept until the tab is closed': async () => {
      await page.goto(browser.console);
      await accessible('key');
      await browser.giveKey('wrong');
      await see('refused this key');
      await browser.giveKey(key);
      await link('entries').waitFor();
      must(await page.evaluate(() => localStorage.length) === 0, 'Something is kept in localStorage.');
      await page.reload();
      await link('entries').waitFor();
      must(!page.url().includes(key), 'The key is in the address.');
    },
    'the link with the key opens the console, and the address loses the key': async () => {
      const other = await browser.context.newPage();
      await other.goto(`${browser.console}#key=${key}`);
      await other.getByRole('link', { name: 'entries', exact: true }).waitFor();
      must(!other.url().includes(key), 'The key is in the address.');
      await other.close();
    },
    'an address that is not valid shows the list': async () => {
      for (const part of ['d/%', '%', 'd/']) {
        await page.goto(`${browser.console}#/${part}`);
        await destinations().waitFor();
      }
      await open();
    },
    'the result of the connection check moves no element': async () => {
      let answer;
      const held = new Promise(resolve => { answer = resolve; });
      await page.route('**/check', async route => {
        await held;
        await route.continue();
      });
      const top = async () => (await tab('JSON').boundingBox()).y;
      await open('new');
      await page.getByRole('button', { name: 'Checking …' }).waitFor();
      const before = await top();
      answer();
      await see('Connected as Ada');
      must(await top() === before, `The tabs moved from ${before} to ${await top()}.`);
      await page.unroute('**/check');
    },
    'an empty form shows no error': async () => {
      await open('new');
      await see('Connected as Ada');
      await see('appear here as soon as there are records');
      must(await count('.problems') === 0 && await count('.box.bad') === 0, 'The empty form shows errors.');
      await accessible('new');
    },
    'the only workspace of the key is chosen, with name and id': async () => {
      const workspaces = page.getByLabel('Workspace', { exact: true });
      must(await workspaces.evaluate(one => one.tagName) === 'SELECT', 'The workspace is not a select element.');
      must(await workspaces.inputValue() === workspace, 'The workspace is not chosen.');
      must((await workspaces.locator('option:checked').textContent()).includes(`(${workspace})`), 'The id is not shown.');
    },
    'of several workspaces one is chosen with the keyboard': async () => {
      await page.getByLabel('Credential', { exact: true }).selectOption('two');
      await page.getByLabel('Workspace', { exact: true }).locator('option', { hasText: 'Foreign workspace' }).waitFor({ state: 'attached' });
      await page.getByLabel('Workspace', { exact: true }).focus();
      const before = await page.getByLabel('Workspace', { exact: true }).inputValue();
      await page.keyboard.press('ArrowDown');
      await eventually('another workspace', async () => (await page.getByLabel('Workspace', { exact: true }).inputValue()) !== before);
    },
    'the workspace id is typed only if the API refuses the key': async () => {
      await page.getByLabel('Credential', { exact: true }).selectOption('stranger');
      await see('Clockify does not know this API key');
      const typed = page.getByLabel('Workspace ID', { exact: true });
      must(await typed.evaluate(one => one.tagName) === 'INPUT', 'The workspace id cannot be typed.');
      await page.getByLabel('Credential', { exact: true }).selectOption('default');
      await page.getByLabel('Workspace', { exact: true }).selectOption(workspace);
    },
    'the Advanced tab reports no missing field of the Template tab, and its URL begins with the API': async () => {
      await tab('Advanced').click();
      must((await code(/^URL/).textContent()).startsWith(api), `The URL is ${await code(/^URL/).textContent()}.`);
      must((await code(/^URL/).textContent()).includes(`${workspace}/time-entries`), 'The URL does not follow the chosen template.');
      must(await count('.problems') === 0, 'The untouched tab shows errors.');
      await write(/^URL/, '');
      must(await count('.problems') === 0, 'An error appears while the field is being edited.');
      await page.getByLabel('Method').focus();
      await eventually('the error of the field that was left', async () => (await field('$.url').locator('.problems').textContent({ timeout: 1000 }).catch(() => '')).includes('is missing'));
      await tab('Template').click();
      must(await count('.problems') === 0, 'The Template tab shows an error of the Advanced tab.');
    },
    'Save without a name shows the error and focuses the field Name': async () => {
      await button('Save').click();
      await eventually('the error at the name', async () => (await field('$.id').locator('.problems').count()) === 1);
      await eventually('the focus at the name', () => page.getByLabel('Name', { exact: true }).evaluate(one => one === document.activeElement));
      await page.getByLabel('Name', { exact: true }).fill('seen-first');
    },
    'the requests of pasted records are shown at once': async () => {
      await write('Sample records', '[{"start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"first","internal":"secret"},{"start":"2026-11-02T10:00:00Z","end":"2026-11-02T11:00:00Z","description":"second"}]');
      await see('1 request');
      await eventually('the payload', async () => (await body()).includes('second'));
      await see('matches no field');
      await accessible('preview');
    },
    'the requests follow the settings': async () => {
      await button('internal').click();
      await see('2 requests');
      await eventually('the payload without the excluded attribute', async () => (await body()).includes('first') && !(await body()).includes('secret'));
      for (const [attribute, value] of [['internal', 'secret'], ['', 'first']]) {
        await page.getByLabel('description', { exact: true }).fill(attribute);
        await eventually(`the description from '${attribute}'`, async () => (await body()).replaceAll(' ', '').includes(`"description":"${value}"`));
      }
    },
    'an invalid date format is reported at its field': async () => {
      await page.getByLabel('start', { exact: true }).fill('start');
      await field('$.mapping.start').getByText('How it is written').click();
      await page.getByLabel('start: format').fill('dd.mm.yyyy HH:MM');
      await eventually('the problem of the format', async () => (await field('$.mapping.start').locator('.problems').allTextContents()).some(text => text.includes('months are MM')));
      await accessible('mapping-options');
      await page.getByLabel('start: format').fill('');
      await page.getByLabel('start', { exact: true }).fill('');
      await see('2 requests');
    },
    'a broken macro is marked at its field, and macros are offered': async () => {
      await tab('Advanced').click();
      await write('URL', `${api}/workspaces/${workspace}/tags/{recrod.name}`);
      await page.getByLabel('Method').focus();
      // Until the response for the new URL arrives, the field can still show the problem of the old URL.
      await eventually('the problem at the URL, which names the macro', async () => (await field('$.url').locator('.problems').allTextContents()).some(text => text.includes('recrod')));
      await accessible('broken-macro');
      await write(/^URL/, `${api}/workspaces/${workspace}/`);
      await page.keyboard.type('{');
      await page.getByRole('option', { name: '{record.description}' }).waitFor();
      await page.keyboard.press('Escape');
      await tab('Template').click();
    },
    'a sample is edited, sent as a test, and answered': async () => {
      await see('2 requests');
      await button('Test …').first().click();
      await write('Body of the test request', '{"start":"2026-11-02T08:00:00Z","description":"a test"}');
      await button('Send test data').click();
      await page.locator('.response .pill', { hasText: '201' }).waitFor({ timeout: 60_000 });
      await accessible('test');
      await page.keyboard.press('Escape');
    },
    'pasted samples survive saving, a change of the tab and a reload': async () => {
      await button('Save').click();
      await page.getByRole('heading', { name: 'seen-first' }).waitFor();
      await see('2 requests');
      await link('Activity').click();
      await link('Settings').click();
      await see('2 requests');
      await page.reload();
      await see('2 requests');
      must((await code('Sample records').textContent()).includes('second'), 'The pasted text is gone.');
    },
    'a file of 10,000 records shows the first 100, and survives as well': async () => {
      await page.getByRole('radio', { name: 'File' }).check();
      await page.getByLabel('NDJSON, JSON or CSV file').setInputFiles({ name: 'entries.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(records) });
      await see('100 requests of the first 100 of 10,000 records');
      await link('Activity').click();
      await link('Settings').click();
      await see('of the first 100 of 10,000 records');
      await page.reload();
      await see('of the first 100 of 10,000 records');
      await see('entries.ndjson: 10,000 records');
    },
    'invalid records are queued only after a question': async () => {
      await page.getByRole('radio', { name: 'Paste' }).check();
      await write('Sample records', '{"start":"2026-11-02T10:00:00","description":"no zone"}');
      await see('1 invalid record');
      // The proposal for the columns arrives later and moves the button.
      await see('No column gives end');
      await button('Queue this record').click();
      await see('All 1 shown record is invalid');
      await accessible('question');
      await button('Cancel').click();
    },
    'waiting records are samples too': async () => {
      await write('Sample records', '{"start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"waits here"}');
      await see('1 request');
      await button('Queue this record').click();
      await see('1 record queued');
      await eventually('the waiting record', async () => {
        await page.getByRole('radio', { name: 'Paste' }).check();
        await page.getByRole('radio', { name: 'Waiting records' }).check();
        return page.waitForFunction(() => document.querySelector('.results').textContent.includes('waits here'), null, { timeout: 2000 }).then(() => true, () => false);
      });
    },
    'a message never covers a button': async () => {
      must(await page.locator('.notes').evaluate(one => one.parentElement.className === 'bar'), 'Messages are outside of the header.');
      // Both places are read at once, because a message that comes or goes moves the buttons. The header stays at the top while the page scrolls.
      const isClear = await button('Save').evaluate(save => {
        save.scrollIntoView({ block: 'center' });
        const note = document.querySelector('.note');
        return !note || note.getBoundingClientRect().bottom <= save.getBoundingClientRect().top;
      });
      must(isClear, 'A message covers the buttons.');
    },
    'a name that is taken is refused, and unsaved changes are not lost without a question': async () => {
      await open('new');
      await page.getByLabel('Name', { exact: true }).fill('entries');
      await tab('JSON').click();
      await write('Destination config as JSON', JSON.stringify({ credential: 'default', endpoint: 'createTag', inputs: { workspaceId: workspace } }));
      await button('Save').click();
      await see('is taken; choose another name');
      const asked = page.waitForEvent('dialog').then(dialog => dialog.dismiss());
      await destinations().click();
      await asked;
      await page.getByRole('heading', { name: 'New destination' }).waitFor();
      page.once('dialog', dialog => dialog.accept());
      await destinations().click();
      await link('seen-first').waitFor();
    },
    'the page is small': async () => {
      const fresh = await browser.context.newPage();
      await fresh.addInitScript(value => sessionStorage.setItem('functionKey', value), key);
      await fresh.goto(browser.console);
      await fresh.getByRole('link', { name: 'entries', exact: true }).waitFor();
      const timing = await fresh.evaluate(() => ({
        firstPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
        usable: performance.now(),
        kilobytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(one => one.name.includes('/console')).reduce((sum, one) => sum + one.encodedBodySize, 0) / 1000,
      }));
      await fresh.close();
      must(timing.kilobytes > 0 && timing.kilobytes < 250, `The page has ${timing.kilobytes} kB.`);
      return timing;
    },
  };
};

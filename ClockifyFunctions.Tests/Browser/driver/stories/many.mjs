// 200 destinations: search, order, pages, and few requests.
import { must } from '../browser.mjs';

const destinations = 200;

export default (browser, { workspace }) => {
  const { page, see, link, count, eventually, open, api, accessible } = browser;
  const requests = [];
  let running = 0;
  page.on('request', request => {
    running++;
    if (/\/api\/(?!console)/.test(request.url())) requests.push(new URL(request.url()).pathname);
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, () => running--);
  /** Until the page has dealt with the answers that are under way; a round trip to the page lets it run. */
  const settled = async () => {
    for (let idle = 0; idle < 5; idle = running > 0 ? 0 : idle + 1) await page.evaluate(() => 0);
  };

  return {
    'the first page shows 20 of 200, those in trouble first': async () => {
      const { total } = await api('summary?limit=1');
      for (let first = total; first < destinations; first += 20)
        await Promise.all(Array.from({ length: Math.min(20, destinations - first) }, (_, index) => api(`destinations/team-${String(first + index).padStart(3, '0')}`, 'PUT', { credential: 'default', endpoint: 'createTag', inputs: { workspaceId: workspace } })));
      await api('destinations/zebra', 'PUT', { credential: 'stranger', endpoint: 'createTag', inputs: { workspaceId: workspace } });
      await api('destinations/zebra/activate', 'POST');
      await api('destinations/zebra/records', 'POST', [{ name: 'refused' }]);
      await open();
      await page.locator('.destinations .row').first().locator('.pill', { hasText: 'Key refused' }).waitFor({ timeout: 60_000 });
      must(await count('.destinations .row') === 20, `The page shows ${await count('.destinations .row')} destinations.`);
      await accessible('list');
    },
    'credentials and unrouted messages open with one click': async () => {
      await page.getByRole('link', { name: /^Unrouted/ }).click();
      await page.getByRole('heading', { name: 'Unrouted messages' }).waitFor();
      await accessible('unrouted');
      await page.getByRole('link', { name: /^Credentials/ }).click();
      await page.getByRole('heading', { name: 'Credentials', level: 1 }).waitFor();
      await page.getByRole('link', { name: /^Destinations/ }).click();
      await page.locator('.destinations .row').first().waitFor();
    },
    'search finds one of them, and the next page goes on': async () => {
      await page.getByLabel('Order').selectOption('name');
      await page.getByRole('button', { name: 'Next' }).click();
      await see('21 to 40 of 201');
      await page.getByLabel('Search destinations').fill('team-199');
      await eventually('one destination', async () => (await count('.destinations .row')) === 1);
      await link('team-199').waitFor();
      await page.getByLabel('Search destinations').fill('');
      await eventually('all destinations', async () => (await count('.destinations .row')) === 20);
    },
    'a minute of the open list costs at most 20 requests, and of a hidden one none': async () => {
      await page.clock.install();
      await page.reload();
      await page.locator('.destinations .row').first().waitFor();
      requests.length = 0;
      for (let second = 0; second < 60; second++) {
        await page.clock.runFor(1000);
        await page.evaluate(() => 0);
        // The response sets the timer for the next request.
        if (running > 0) await settled();
      }
      const open = requests.length;
      must(open > 5 && open <= 20, `The open list made ${open} requests in a minute.`);
      const show = hidden => page.evaluate(value => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
      await show(true);
      requests.length = 0;
      await page.clock.runFor(60_000);
      await settled();
      const hidden = requests.length;
      must(hidden === 0, `The hidden list made ${hidden} requests in a minute.`);
      await show(false);
      return { open, hidden };
    },
  };
};

// Reads every number of the pages, which ConsoleDeliveryTests.cs compares with the ledger of the simulator, and the texts of conditions.
import { must } from '../browser.mjs';

// So many that the page shows a rate also if the browser stalls for seconds.
const valid = 150;
const invalid = 5;

export default (browser, { workspace }) => {
  const { page, see, link, pill, count, eventually, open, api, accessible } = browser;
  const config = { endpoint: 'createTimeEntry', inputs: { workspaceId: workspace } };
  const entry = (description, minute = 0, end = 'Z') => ({ start: `2026-11-02T08:${String(minute).padStart(2, '0')}:00${end}`, end: `2026-11-02T09:30:00${end}`, description });
  const number = async name => {
    const text = await page.getByTestId(name).textContent();
    return text.startsWith('none') ? 0 : parseFloat(text.replace(/^about /, '').replace(/,/g, ''));
  };
  const numbers = async () => ({ waiting: await number('waiting'), delivered: await number('delivered'), quarantined: await number('quarantined') });

  return {
    'no rate is shown above the limit while records are sent': async () => {
      await api('destinations/counted', 'PUT', { credential: 'counted', ...config });
      await api('destinations/counted/records', 'POST', [...Array.from({ length: valid }, (_, index) => entry(`counted ${index}`, index % 60)), ...Array.from({ length: invalid }, () => entry('no zone', 0, ''))]);
      await open('d/counted/activity');
      await eventually('all records wait', async () => (await number('waiting')) === valid + invalid);
      await browser.button('Activate').click();
      let shown = 0;
      await eventually('all are finished', async () => {
        shown = Math.max(shown, await number('rate'));
        return (await number('delivered')) === valid;
      });
      return { shownPeak: Math.max(shown, await number('rate')) };
    },
    'the numbers add up to what was sent': async () => {
      await eventually('nothing waits', async () => (await number('waiting')) === 0);
      const chart = await page.getByRole('img', { name: /Calls per second/ }).getAttribute('aria-label');
      return { ...(await numbers()), chartPeak: Number(/at most ([\d.]+),/.exec(chart)[1]), chartLimit: Number(/limit ([\d.]+),/.exec(chart)[1]) };
    },
    'a replay that is refused again adds no entry': async () => {
      await api('quarantine/counted/replay', 'POST', { all: true });
      await open('d/counted/quarantine');
      await page.locator('.badge', { hasText: 'replayed 1 time' }).nth(invalid - 1).waitFor({ timeout: 60_000 });
      await link('Activity').click();
      await eventually('the same number in quarantine', async () => (await number('quarantined')) === invalid);
      return numbers();
    },
    'the last error disappears after a delivery': async () => {
      await page.locator('.box', { hasText: 'has no time zone' }).waitFor();
      await api('destinations/counted/records', 'POST', [entry('after the error')]);
      await eventually('no error', async () => (await number('delivered')) === valid + 1 && (await count('.box')) === 0);
      await accessible('numbers');
    },
    'an estimate is marked with "about"': async () => {
      await api('destinations/deep', 'PUT', { credential: 'counted', ...config });
      await api('destinations/deep/records', 'POST', Array.from({ length: 3000 }, (_, index) => entry(`a record that waits in a deep backlog ${index}`)));
      await open('d/deep/activity');
      await eventually('an exact number', async () => (await number('waiting')) === 3000);
      must(!(await page.getByTestId('waiting').textContent()).includes('about'), 'The exact number is marked as an estimate.');
      await open();
      await page.getByLabel('Search destinations').fill('deep');
      await see('about 3,0');
    },
    'a refused key is shown with reason and remedy': async () => {
      await api('destinations/refused', 'PUT', { credential: 'stranger', ...config });
      await api('destinations/refused/activate', 'POST');
      await api('destinations/refused/records', 'POST', [entry('refused')]);
      await open('d/refused/activity');
      await pill('Key refused').waitFor({ timeout: 60_000 });
      await see("Clockify does not know this API key (status 401, code 4003). Replace the key of credential 'stranger'.");
      await accessible('refused');
      await page.getByRole('link', { name: /^Credentials/ }).click();
      const card = page.locator('.credentials .card', { hasText: 'stranger' });
      await card.locator('.pill', { hasText: 'Key refused' }).waitFor();
      await accessible('credentials');
      await card.getByRole('button', { name: 'Resume' }).click();
      await see('Credential stranger is resumed');
    },
  };
};

// A credential is created where it is needed, checked, limited, rotated and deleted.
import { must } from '../browser.mjs';

export default (browser, { workspace, keys }) => {
  const { page, see, button, link, pill, open, api, eventually, accessible } = browser;
  const card = () => page.locator('[data-credential="crm"]');
  const dialog = () => page.getByRole('dialog');

  return {
    'a new destination gets a new credential': async () => {
      await open('new');
      await button('New credential').click();
      await dialog().getByLabel('Name').fill('crm');
      await dialog().getByLabel('API key').fill('a key with spaces');
      await dialog().getByRole('button', { name: 'Save', exact: true }).click();
      await see('which no API key contains');
      await accessible('credential');
      await dialog().getByLabel('API key').fill(keys.unknown);
      await dialog().getByRole('button', { name: 'Save', exact: true }).click();
      await see('Created credential crm');
      await see('Clockify does not know this API key');
      must(await page.getByLabel('Credential', { exact: true }).inputValue() === 'crm', 'The new credential is not chosen.');
    },
    'a refused key is replaced, and records go on without a restart': async () => {
      await api('destinations/of-crm', 'PUT', { credential: 'crm', endpoint: 'createTimeEntry', inputs: { workspaceId: workspace } });
      await api('destinations/of-crm/activate', 'POST');
      await api('destinations/of-crm/records', 'POST', [{ start: '2026-11-02T08:00:00Z', end: '2026-11-02T09:00:00Z', description: 'with a new key' }]);
      await page.goto('about:blank');
      await open('d/of-crm/activity');
      await pill('Key refused').waitFor({ timeout: 60_000 });
      await page.getByRole('link', { name: /^Credentials/ }).click();
      await card().getByRole('button', { name: 'Replace key' }).click();
      await dialog().getByLabel('API key').fill(keys.ben);
      await dialog().getByRole('button', { name: 'Replace key', exact: true }).click();
      await see('has a new key');
      await card().getByText('Connected as Ben').waitFor();
      await card().locator('.pill', { hasText: 'Active' }).waitFor();
      await open('d/of-crm/activity');
      await eventually('the record delivered', async () => (await page.getByTestId('delivered').textContent()) === '1');
    },
    'its limits are changed': async () => {
      await open('credentials');
      await card().getByRole('button', { name: 'Change' }).click();
      await dialog().getByLabel('Calls of limit 1').fill('5');
      await button('Add limit').click();
      await dialog().getByLabel('Calls of limit 2').fill('100');
      await dialog().getByLabel('Period of limit 2').selectOption('00:01:00');
      await accessible('limits');
      await dialog().getByRole('button', { name: 'Save', exact: true }).click();
      await card().getByText('limit 5 per second, 100 per minute').waitFor();
    },
    'no answer and no page contains a key': async () => {
      const text = JSON.stringify([await api('credentials'), await api('credentials/crm'), await api('summary')]) + await page.content();
      must(!text.includes(keys.ben) && !text.includes(keys.unknown), 'A key can be read.');
    },
    'a credential that is used is not deleted': async () => {
      await card().getByRole('button', { name: 'Delete' }).click();
      await dialog().getByRole('button', { name: 'Delete', exact: true }).click();
      await see('Delete them first: of-crm');
      await api('destinations/of-crm?force=true', 'DELETE');
      await card().getByRole('button', { name: 'Delete' }).click();
      await dialog().getByRole('button', { name: 'Delete', exact: true }).click();
      await eventually('the credential is deleted', async () => (await card().count()) === 0);
    },
    'a credential of the app settings is read-only': async () => {
      const own = page.locator('[data-credential="default"]');
      await own.getByText('a deployment changes it').waitFor();
      must(await own.getByRole('button', { name: 'Delete' }).count() === 0, 'A credential of the app settings can be deleted.');
    },
  };
};

// A destination that synchronizes: its records are planned, applied and found to be unchanged.
import { must } from '../browser.mjs';

export default (browser, { workspace }) => {
  const { page, see, button, link, pill, write, eventually, createFromJson, accessible, api } = browser;
  const rows = () => page.locator('[aria-label="Steps of the plan"] tbody tr').count();
  const created = async () => (await api('destinations/crm-tags/status')).changes?.created;

  return {
    'a destination that synchronizes is saved': async () => {
      await createFromJson('crm-tags', { credential: 'default', sync: 'tags', key: 'id', mode: 'mirror', inputs: { workspaceId: workspace } });
      await pill('Paused').waitFor();
      await accessible('synchronize');
    },
    'a plan shows the change of each record, and rows can be hidden': async () => {
      await write('Sample records', '[{"id":"1","name":"Plan A"},{"id":"2","name":"Plan B"},{"name":"Without key"}]');
      await button('Plan').click();
      await see('create 2, error 1, unchanged 0');
      must(await rows() === 3, 'The plan does not have three rows.');
      await see('Record 3:');
      await accessible('plan');
      await page.getByLabel('create 2').uncheck();
      must(await rows() === 1, 'The created objects are still shown.');
    },
    'the plan is applied': async () => {
      await button('Apply').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
      await see('3 records queued');
      await button('Activate').click();
      await pill('Active').waitFor();
      await eventually('two tags created', async () => (await created()) === 2);
    },
    'a second plan of the same records changes nothing': async () => {
      await write('Sample records', '[{"id":"1","name":"Plan A"},{"id":"2","name":"Plan B"}]');
      await button('Plan').click();
      await see('unchanged 2. 0 calls');
      must(await rows() === 0, 'The plan has rows.');
    },
    'a complete run shows what would vanish, and the activity counts the changes': async () => {
      await write('Sample records', '[{"id":"2","name":"Plan C"}]');
      await page.getByLabel('These are all records of the source').check();
      await button('Plan').click();
      await see('update 1, archive 1');
      await link('Activity').click();
      await eventually('the number of created tags', async () => (await page.getByTestId('created').textContent()) === '2');
      await accessible('changes');
    },
  };
};

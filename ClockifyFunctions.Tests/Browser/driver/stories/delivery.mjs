// From a new destination to a replayed record.
import { must } from '../browser.mjs';

export default (browser, { workspace }) => {
  const { page, see, button, link, tab, pill, write, eventually, createFromJson, accessible } = browser;
  const delivered = async () => Number((await page.getByTestId('delivered').textContent()).replace(/\D/g, '') || -1);

  return {
    'a destination is created, paused': async () => {
      await createFromJson('from-console', { credential: 'default', endpoint: 'createTimeEntry', inputs: { workspaceId: workspace }, excludeAttributes: ['internal'] });
      await pill('Paused').waitFor();
      await accessible('settings');
    },
    'records are queued, delivered once active, and counted': async () => {
      const records = [1, 2, 3].map(hour => JSON.stringify({ start: `2026-11-02T0${hour}:00:00Z`, end: `2026-11-02T0${hour}:30:00Z`, description: `browser ${hour}`, internal: 'x' }));
      await write('Sample records', `[${records.join(',')}]`);
      await button('Queue these 3 records').click();
      await see('3 records queued');
      await button('Activate').click();
      await pill('Active').waitFor();
      await link('Activity').click();
      await eventually('three records delivered', async () => (await delivered()) === 3);
      await accessible('activity');
    },
    'one key press pauses the destination, and the page says so': async () => {
      await button('Pause').focus();
      await page.keyboard.press('Enter');
      await pill('Paused').waitFor();
      await button('Activate').click();
      await button('Pause').waitFor();
    },
    'an invalid record is in the quarantine with its reason': async () => {
      await link('Settings').click();
      await write('Sample records', '{"start":"2026-11-02T10:00:00","end":"2026-11-02T11:00:00","description":"no zone"}');
      await see('1 invalid record');
      await button('Queue this record').click();
      await button('Queue anyway').click();
      await see('1 record queued');
      await page.getByRole('link', { name: 'Quarantine' }).click();
      await page.locator('.entry').first().waitFor({ timeout: 60_000 });
      await see('zone');
      await accessible('quarantine');
    },
    'after its cause is removed, the record is replayed and delivered': async () => {
      await link('Settings').click();
      await tab('Template').click();
      await page.getByText('Time zone, validation, retries').click();
      await page.getByLabel('Time zone').fill('Europe/Berlin');
      await button('Save').click();
      await see('Saved.');
      await page.getByRole('link', { name: 'Quarantine' }).click();
      await button('Replay all 1').click();
      await see('The quarantine is empty');
      await link('Activity').click();
      await eventually('the fourth record delivered', async () => (await delivered()) === 4);
      must(await browser.count('.box.bad') === 0, 'The page shows an error.');
    },
  };
};

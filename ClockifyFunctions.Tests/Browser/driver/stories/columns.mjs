// A file as a spreadsheet exports it: its columns are mapped, and what is left over is decided before anything is sent.
import { must } from '../browser.mjs';

export default (browser, { workspace }) => {
  const { page, see, button, eventually, open, accessible } = browser;
  const goesTo = column => page.getByLabel(`${column} goes to`, { exact: true });
  const left = () => page.locator('table.columns tr.left').count();
  const body = () => page.getByLabel('Body', { exact: true }).first().textContent();

  return {
    'the columns of a file are proposed, and unmapped columns are marked': async () => {
      await open('new');
      await see('Connected as Ada');
      await page.getByRole('radio', { name: 'File' }).check();
      // Windows-1252, as spreadsheets save it.
      const file = Buffer.from('Nr;Beginn;Ende;Beschreibung;Abrechenbar\r\n1;2026-03-02T09:15:00Z;2026-03-02T10:15:00Z;Gr\xf6\xdfe; ja \r\n', 'latin1');
      await page.getByLabel('NDJSON, JSON or CSV file').setInputFiles({ name: 'hours.csv', mimeType: 'text/csv', buffer: file });
      await see('was read as Windows-1252');
      await eventually('the proposal', async () => (await goesTo('Beginn').count()) === 1 && (await goesTo('Beginn').inputValue()) === 'mapping.start');
      must(await goesTo('Beschreibung').inputValue() === 'mapping.description', 'The description is not proposed.');
      must(await goesTo('Nr').inputValue() === '' && await left() === 1, 'The column that nothing takes is not marked.');
      await accessible('columns');
    },
    'a column is excluded, and the settings follow': async () => {
      await goesTo('Nr').selectOption('exclude');
      await eventually('nothing left over', async () => (await left()) === 0);
      await button('Use this mapping').click();
      await see('1 request');
      await eventually('the request', async () => {
        const text = (await body()).replaceAll(' ', '');
        return text.includes('"description":"Größe"') && text.includes('"billable":true') && !text.includes('Nr');
      });
      await eventually('the table closed', async () => (await page.locator('details.columns[open]').count()) === 0);
    },
    'the settings can be saved as they are': async () => {
      await page.getByLabel('Name', { exact: true }).fill('from-a-file');
      await page.getByLabel('Workspace', { exact: true }).selectOption(workspace);
      await button('Save').click();
      await page.getByRole('heading', { name: 'from-a-file' }).waitFor();
      await see('1 request');
    },
    'an object is named instead of given by its id': async () => {
      await page.getByLabel('project', { exact: true }).fill('Projekt');
      await page.locator('[data-path="$.references.project"] summary').click();
      await page.getByLabel('project: a name without an object').selectOption('create');
      await accessible('names');
      await page.getByRole('tab', { name: 'JSON' }).click();
      await eventually('the reference in the config', async () => (await page.locator('.cm-content').first().textContent()).replaceAll(' ', '').includes('"project":{"from":"Projekt","missing":"create"}'));
    },
  };
};

import { expect, test } from './page-fixture.ts';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('the API is found by words, read in both languages, and its calls are copied', async ({ page }) => {
  await page.goto('/docs/api');
  const index = page.getByRole('navigation', { name: 'Operations' });
  await index.getByRole('searchbox').fill('post cameras add');
  await expect(index.getByRole('link', { name: 'Add a camera' })).toBeVisible();
  await expect(index.getByRole('link', { name: 'List people' })).toHaveCount(0);
  await index.getByRole('link', { name: 'Add a camera' }).click();
  const operation = page.getByRole('article', { name: 'Add a camera' });
  await expect(operation.getByRole('heading', { name: 'Add a camera' })).toBeInViewport();
  await operation.getByRole('tab', { name: 'Python' }).click();
  await operation.getByRole('button', { name: 'Copy' }).click();
  await expect(operation.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('urllib.request');
  expect(copied).toContain('/api/v1/cameras');
  await index.getByRole('searchbox').fill('nothing has these words');
  await expect(index.getByText('No operation has these words.')).toBeVisible();

  await page.context().addCookies([{ name: 'locale', value: 'ja', url: page.url() }]);
  await page.reload();
  const japanese = page.getByRole('navigation', { name: '操作' });
  await japanese.getByRole('searchbox').fill('カメラ 追加');
  await japanese.getByRole('link', { name: 'カメラを追加する' }).click();
  await expect(page.getByRole('article', { name: 'カメラを追加する' })).toContainText('封をして保存され');
});

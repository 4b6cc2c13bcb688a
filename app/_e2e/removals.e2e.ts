import { cameraPage } from '#server/contracts/camera.ts';

import { expect, expectAccessible, ownerState, test } from './page-fixture.ts';

const reason = 'My kitchen window is at the left of this picture.';

test('anybody asks for a mask; the operator sees it drawn on the picture and can take every decision back', async ({
  page,
  browser,
}) => {
  const cameras = await page.request.get('/api/v1/cameras?limit=1');
  const [camera] = cameraPage.parse(await cameras.json()).items;
  await page.goto(`/removals/new?camera=${camera?.id ?? 'none'}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Ask for a removal or a mask' })).toBeVisible();
  await page.getByRole('button', { name: 'Send the request' }).click();
  await expect(page.getByText('Draw at least one region on the picture.')).toBeVisible();
  await expect(page.getByText('Write an e-mail address that reaches you.')).toBeVisible();

  // One region by the pointer, one by keys alone; each change can be undone.
  const editor = page.getByRole('group', { name: 'Regions on the picture' });
  const box = (await editor.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(box.x + 40, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 180, box.y + 160, { steps: 4 });
  await page.mouse.up();
  await expect(editor.getByRole('button', { name: 'Region 1 4 corners' })).toBeVisible();
  await editor.getByRole('button', { name: 'Add a region' }).press('Enter');
  await editor.getByRole('button', { name: 'Region 2, corner 1' }).press('Delete');
  await editor.getByRole('button', { name: 'Region 2, corner 1' }).press('Shift+ArrowLeft');
  await expect(editor.getByRole('button', { name: 'Region 2 3 corners' })).toBeVisible();
  await editor.getByRole('button', { name: 'Delete region 2' }).press('Enter');
  await expect(editor.getByRole('button', { name: /^Region 2/ })).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await editor.getByRole('button', { name: 'Undo' }).click();
  await expect(editor.getByRole('button', { name: 'Region 2 3 corners' })).toBeVisible();

  await page.getByLabel('Why').fill(reason);
  await page.getByLabel('Your name').fill('Ken Sato');
  await page.reload();
  await expect(page.getByLabel('Why')).toHaveValue(reason);
  await page.getByLabel('Your e-mail').fill('ken@example.org');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Send the request' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Your request was received' })).toBeVisible();
  await expect(page.getByText('waiting for the operator')).toBeVisible();
  const reference = /removals\/([\da-f-]{36})/.exec(page.url())?.[1] ?? 'none';
  await expectAccessible(page);

  const context = await browser.newContext({ storageState: ownerState });
  const desk = await context.newPage();
  await desk.goto('/status');
  await expect(desk.getByText(/for removal waits? for your answer/)).toBeVisible();
  await desk.getByRole('link', { name: 'Requests for removal' }).click();
  const request = desk.getByRole('article').filter({ hasText: reference });
  await expect(request.getByText(reason)).toBeVisible();
  await expect(request.getByRole('img', { name: '2 regions to be painted over' })).toBeVisible();
  await expectAccessible(desk);
  await request.getByRole('button', { name: 'Refuse' }).click();
  await expect(request.getByText('Say why, so that the sender understands.')).toBeVisible();
  await request.getByRole('button', { name: 'Paint it over' }).click();
  await expect(desk.getByText('done as asked')).toBeVisible();
  await desk.getByRole('button', { name: 'Undo' }).click();
  await expect(desk.getByText('The decision was taken back.')).toBeVisible();
  await request.getByRole('button', { name: 'Paint it over' }).click();
  await expect(request).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('The operator did what you asked for.')).toBeVisible();
  await desk.getByRole('link', { name: 'Decided' }).click();
  await request.getByRole('button', { name: 'Open again' }).click();
  await expect(request).toHaveCount(0);
  await desk.getByRole('link', { name: 'Open' }).click();
  await request.getByLabel('Note to the sender').fill('The window is not in the picture.');
  await request.getByRole('button', { name: 'Refuse' }).click();
  await expect(desk.getByText(': refused.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('The window is not in the picture.')).toBeVisible();
  await context.close();
});

test('another’s request stays closed without its key', async ({ page }) => {
  await page.goto('/removals/01900000-0000-7000-8000-000000000000?key=guessed');
  await expect(page.getByRole('heading', { name: 'There is no such request' })).toBeVisible();
  await page.goto('/removals');
  await expect(page).toHaveURL(/\/login/);
});

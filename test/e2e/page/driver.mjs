// Works the page as a person does: pointer by image points, keys, commands as VS Code's keybindings send them.

const FIT_MARGIN = 16;

export class PageDriver {
  static async open(harness, options = {}) {
    const page = await harness.open(options);
    const driver = new PageDriver(page, options);
    await driver.canvas.waitFor();
    // Open, or failed with its reason.
    await page.waitForFunction(
      () =>
        !document.querySelector('[data-testid="failure"]').hidden ||
        document.querySelector('[data-testid="dataset"]').textContent,
    );
    await driver.frame();
    driver.box = await driver.canvas.boundingBox();
    return driver;
  }

  constructor(page, { scene = 'small' } = {}) {
    this.page = page;
    this.size = scene === 'small' ? { width: 400, height: 300 } : scene;
    this.canvas = page.getByTestId('canvas');
  }

  id(testid) {
    return this.page.getByTestId(testid);
  }

  /** The page's place of an image point, as long as the image is fitted. */
  place([x, y]) {
    const { width, height } = this.box;
    const scale = Math.min(
      (width - 2 * FIT_MARGIN) / this.size.width,
      (height - 2 * FIT_MARGIN) / this.size.height,
      8,
    );
    return [
      this.box.x + (width - this.size.width * scale) / 2 + x * scale,
      this.box.y + (height - this.size.height * scale) / 2 + y * scale,
    ];
  }

  async click(at, { modifier, button = 'left' } = {}) {
    if (modifier) await this.page.keyboard.down(modifier);
    await this.page.mouse.click(...this.place(at), { button });
    if (modifier) await this.page.keyboard.up(modifier);
  }

  async drag(first, ...others) {
    await this.page.mouse.move(...this.place(first));
    await this.page.mouse.down();
    for (const at of others) await this.page.mouse.move(...this.place(at), { steps: 6 });
    await this.page.mouse.up();
  }

  async run(command, args) {
    await this.page.evaluate(([name, data]) => window.fake.run(name, data), [command, args]);
  }

  async tool(id) {
    await this.run('tool/select', { tool: id });
    await this.page.locator(`[data-testid="tool-${id}"][aria-pressed="true"]`).waitFor();
  }

  /** Waits until the host's truth fulfils a condition, given as a function of the fake host. */
  async until(condition, arg) {
    await this.page.waitForFunction(condition, arg);
  }

  async drafted(prompts) {
    await this.until((n) => {
      const draft = window.fake.state.draft;
      return draft && draft.prompt.points.length + (draft.prompt.box ? 1 : 0) === n;
    }, prompts);
  }

  async annotations(count) {
    await this.until((n) => window.fake.state.annotations.length === n, count);
  }

  fake(read) {
    return this.page.evaluate(read);
  }

  /** Colour of the page's pixel at an image point: what a person sees, both canvases and all. */
  async pixel(at) {
    const [color] = await this.row(at, 1);
    return color.split(',').map(Number);
  }

  /** Colours, as "r,g,b", of a row of page pixels whose middle is at an image point. */
  async row(at, width) {
    await this.frame();
    const [x, y] = this.place(at).map(Math.round);
    const clip = { x: x - Math.floor(width / 2), y, width, height: 1 };
    const picture = await this.page.screenshot({ clip });
    return this.page.evaluate(async (text) => {
      const image = new Image();
      image.src = `data:image/png;base64,${text}`;
      await image.decode();
      const context = new OffscreenCanvas(image.width, 1).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, 1);
      return Array.from({ length: image.width }, (_, i) => data.slice(4 * i, 4 * i + 3).join());
    }, picture.toString('base64'));
  }

  /** What was asked for has been drawn. */
  frame() {
    return this.page.evaluate(
      () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))),
    );
  }

  /** Errors and violations seen so far; every test ends with none. */
  async complaints() {
    return [...this.page.complaints, ...(await this.page.evaluate(() => window.fake.complaints))];
  }

  close() {
    return this.page.context().close();
  }
}

/** Whether two colours are the same to the eye. */
export function isNear(a, b, tolerance = 12) {
  return a.every((part, index) => Math.abs(part - b[index]) <= tolerance);
}

// The canvas of an open Promptmark editor as a person's hand: image pixels in, pointer events out.

/** Space that "Fit Image" leaves around the picture, CSS pixels (webview/state/viewTransform.ts). */
const FIT_MARGIN = 16;

export class Canvas {
  /** @param image { width, height } as displayed; the view must be the one a freshly opened image has */
  constructor(session, image) {
    this.session = session;
    this.image = image;
  }

  get element() {
    return this.session.view().getByTestId('canvas');
  }

  /** Chooses a tool by its button. */
  async tool(id) {
    await this.session.view().getByTestId(`tool-${id}`).click();
  }

  /** Gives the canvas the keyboard, so that VS Code's keybindings apply. */
  async focus() {
    await this.element.focus();
  }

  /** Image pixels → CSS pixels of the canvas, for the fitted image. */
  async place(x, y) {
    const { width, height } = await this.element.boundingBox();
    const scale = Math.min(
      (width - 2 * FIT_MARGIN) / this.image.width,
      (height - 2 * FIT_MARGIN) / this.image.height,
    );
    return {
      x: width / 2 + (x - this.image.width / 2) * scale,
      y: height / 2 + (y - this.image.height / 2) * scale,
    };
  }

  async click(x, y, options = {}) {
    await this.element.click({ ...options, position: await this.place(x, y) });
  }

  /** Presses at the first point and lets go at the last; points are image pixels. */
  async drag(...points) {
    const places = [];
    for (const [x, y] of points) {
      const place = await this.place(x, y);
      places.push([place.x, place.y]);
    }
    await this.session.code.drag(this.element, ...places);
  }
}

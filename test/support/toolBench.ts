// Drives one tool by image points, at 10 CSS pixels an image pixel, and collects what it asks for.
import { hitTest } from '../../webview/state/hitTest';
import { reduce, type Action } from '../../webview/state/reducer';
import { INITIAL_STATE, type PageState } from '../../webview/state/pageState';
import type { PointerInput, Shape, Tool, ToolContext, ToolEffect } from '../../webview/tools/tool';
import { imageState, snapshot } from './pageSession';
import type { ImageState } from '../../src/shared/edits/types';

export const SCALE = 10;

export type Place = readonly [x: number, y: number];
export type Keys = Partial<Pick<PointerInput, 'alt' | 'shift' | 'toggle' | 'button' | 'clicks'>>;

export class ToolBench {
  state: PageState;
  effects: ToolEffect[] = [];

  constructor(
    readonly tool: Tool,
    doc: Partial<ImageState> = {},
    readOnly?: string,
  ) {
    this.state = reduce(INITIAL_STATE, {
      kind: 'snapshot',
      snapshot: snapshot({ state: imageState(doc), ...(readOnly ? { readOnly } : {}) }),
    });
    this.dispatch({ kind: 'view', view: { scale: SCALE, x: 0, y: 0 } });
    this.dispatch({ kind: 'brushRadius', radius: 1 });
  }

  get context(): ToolContext {
    return {
      state: this.state,
      hits: (at) => hitTest(this.state, at),
      emit: (effect) => {
        this.effects.push(effect);
        if (effect.kind === 'select') this.dispatch(effect);
      },
    };
  }

  dispatch(action: Action): this {
    this.state = reduce(this.state, action);
    return this;
  }

  move(at: Place, pressed = false, keys: Keys = {}): this {
    this.tool.move(input(at, keys), pressed, this.context);
    return this;
  }

  click(at: Place, keys: Keys = {}): this {
    this.tool.down(input(at, keys), this.context);
    this.tool.up(input(at, keys), this.context);
    return this;
  }

  drag(places: readonly Place[], keys: Keys = {}): this {
    this.press(places, keys);
    return this.release(places.at(-1)!, keys);
  }

  release(at: Place, keys: Keys = {}): this {
    this.tool.up(input(at, keys), this.context);
    return this;
  }

  cursor(at: Place): string {
    return this.tool.cursor(input(at, {}), this.context);
  }

  /** a drag whose button is still down */
  press([first, ...others]: readonly Place[], keys: Keys = {}): this {
    this.tool.down(input(first!, keys), this.context);
    for (const at of others) this.move(at, true, keys);
    return this;
  }

  /** What was asked for since the last call, without hovering and previews. */
  take(): readonly ToolEffect[] {
    const { effects } = this;
    this.effects = [];
    return effects.filter(({ kind }) => kind !== 'hover' && kind !== 'preview');
  }

  shapes(): readonly Shape[] {
    return this.tool.shapes(this.context);
  }
}

function input([x, y]: Place, keys: Keys): PointerInput {
  return {
    at: { x, y },
    view: { x: x * SCALE, y: y * SCALE },
    button: 'primary',
    alt: false,
    shift: false,
    toggle: false,
    clicks: 1,
    ...keys,
  };
}

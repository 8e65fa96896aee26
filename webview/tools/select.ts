// Selects annotations: click, Shift or Ctrl adds, again on the same place goes through what overlaps, drag a frame.
import type { Box, ImagePoint, ViewPoint } from '../../src/shared/geometry/types';
import { cycleHit } from '../state/hitTest';
import type { Candidate } from '../../src/shared/protocol/prompt';
import { annotationMask, maskContains, maskOf } from '../state/masks';
import { boxOf } from '../state/prompts';
import { visibleAnnotations } from '../state/selectors';
import type { PageState } from '../state/pageState';
import { isBeyondSlop, type Tool, type ToolContext } from './tool';

export function createSelectTool(): Tool {
  let start: { readonly at: ImagePoint; readonly view: ViewPoint } | null = null;
  let frame: Box | null = null;

  function frameOf(at: ImagePoint, state: PageState): Box | null {
    const [height, width] = state.info?.size ?? [0, 0];
    return start && boxOf(start.at, at, width, height);
  }

  function click(at: ImagePoint, add: boolean, context: ToolContext): void {
    const { selection } = context.state;
    const hits = context.hits(at);
    const proposal = proposalAt(at, context.state);
    if (proposal) return context.emit({ kind: 'addProposal', proposal });
    if (!add) {
      const id = cycleHit(hits, selection);
      return context.emit({ kind: 'select', ids: id === null ? [] : [id] });
    }
    const [id] = hits;
    if (id === undefined) return;
    const ids = selection.includes(id)
      ? selection.filter((other) => other !== id)
      : [...selection, id];
    context.emit({ kind: 'select', ids });
  }

  return {
    id: 'select',
    label: 'Select',
    icon: 'pm-select',
    key: 'V',
    hint: () =>
      'Click selects, again goes through what overlaps. Shift adds, drag frames, double-click picks the category.',
    cursor: (input, context) =>
      input && context.hits(input.at).length > 0 ? 'pointer' : 'default',
    down(input) {
      start = { at: input.at, view: input.view };
    },
    move(input, pressed, context) {
      if (pressed && start && (frame || isBeyondSlop(start.view, input.view))) {
        frame = frameOf(input.at, context.state);
      }
      context.emit({ kind: 'hover', id: pressed ? null : (context.hits(input.at)[0] ?? null) });
    },
    up(input, context) {
      const add = input.shift || input.toggle;
      if (frame) {
        const inside = annotationsWithin(frame, context.state);
        const before = add ? context.state.selection : [];
        context.emit({ kind: 'select', ids: [...before, ...inside] });
      } else if (input.clicks >= 2 && context.state.selection.length > 0) {
        context.emit({ kind: 'pickCategory' });
      } else {
        click(input.at, add, context);
      }
      start = frame = null;
    },
    cancel() {
      const active = frame !== null;
      start = frame = null;
      return active;
    },
    shapes: () => (frame ? [{ kind: 'box', box: frame, look: 'marquee' }] : []),
  };
}

/** The smallest proposal under the point. */
function proposalAt(at: ImagePoint, { proposals, info }: PageState): Candidate | undefined {
  if (!info) return undefined;
  return proposals
    .filter(({ segmentation }) => maskContains(maskOf(segmentation, info.size), at))
    .reduce<Candidate | undefined>((a, b) => (a && a.area <= b.area ? a : b), undefined);
}

/** Visible annotations that lie completely in the box. */
function annotationsWithin(box: Box, state: PageState): readonly number[] {
  const size = state.info?.size;
  if (!size) return [];
  return visibleAnnotations(state)
    .filter((annotation) => {
      const [x0, y0, x1, y1] = annotationMask(annotation, size).box;
      return x1 > x0 && x0 >= box[0] && y0 >= box[1] && x1 <= box[2] && y1 <= box[3];
    })
    .map((annotation) => annotation.id);
}

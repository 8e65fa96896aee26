import { strict as assert } from 'node:assert';
import { checkParams, isEventData } from '../../../../src/host/editor/guards';
import type { EditorMethods, PageEvents } from '../../../../src/shared/protocol/editor';
import { DomainError } from '../../../../src/shared/protocol/wire';

const rle = { size: [2, 2], counts: '04' };
const prompt = { points: [{ at: { x: 1, y: 2 }, label: 1 }], scribbles: [] };
const apply = (...intents: readonly unknown[]): unknown => ({
  baseRevision: 0,
  label: 'x',
  intents,
});
const deep = (depth: number): unknown => (depth === 0 ? 1 : { a: deep(depth - 1) });

type Case = readonly [method: keyof EditorMethods, params: unknown];

const good: readonly Case[] = [
  ['session/open', { protocolVersion: 1 }],
  ['edits/apply', apply()],
  [
    'edits/apply',
    apply({ kind: 'annotation/create', categoryId: 1, segmentation: rle, tool: 'b' }),
  ],
  [
    'edits/apply',
    apply({
      kind: 'annotation/create',
      categoryId: 1,
      segmentation: [[0, 0, 1, 0, 1, 1]],
      tool: '',
    }),
  ],
  ['edits/apply', apply({ kind: 'annotation/setAttributes', id: 1, attributes: deep(3) })],
  ['edits/apply', apply({ kind: 'category/delete', id: 1, reassignTo: null })],
  ['edits/apply', apply({ kind: 'draft/cancel' }, { kind: 'caption/set', text: '' })],
  ['draft/prompt', { promptId: 1, label: 'Add point', prompt }],
  ['draft/prompt', { promptId: 1, label: '', prompt: { ...prompt, box: [0, 0, 1, 1], mask: rle } }],
  ['segment/preview', { promptId: 1, prompt }],
  ['command/run', { command: 'promptmark.nextImage' }],
];

const bad: readonly Case[] = [
  ['session/open', null],
  ['session/open', { protocolVersion: '1' }],
  ['edits/apply', { baseRevision: 0.5, label: '', intents: [] }],
  ['edits/apply', { baseRevision: 0, label: '', intents: {} }],
  ['edits/apply', apply({ kind: 'file/delete' })],
  ['edits/apply', apply({ kind: 'toString' })],
  ['edits/apply', apply({ kind: 'annotation/delete', ids: [NaN] })],
  ['edits/apply', apply({ kind: 'annotation/delete', ids: '1' })],
  ['edits/apply', apply({ kind: 'annotation/create', categoryId: 1, segmentation: {}, tool: '' })],
  [
    'edits/apply',
    apply({ kind: 'annotation/setMask', id: 1, mask: { size: [2], counts: '' }, tool: '' }),
  ],
  [
    'edits/apply',
    apply({ kind: 'annotation/setPolygons', id: 1, polygons: [[0, 0, Infinity, 1, 1, 1]] }),
  ],
  ['edits/apply', apply({ kind: 'annotation/setAttributes', id: 1, attributes: [] })],
  [
    'edits/apply',
    apply({ kind: 'annotation/setAttributes', id: 1, attributes: { at: new Date() } }),
  ],
  ['edits/apply', apply({ kind: 'annotation/setAttributes', id: 1, attributes: { n: NaN } })],
  ['edits/apply', apply({ kind: 'annotation/setAttributes', id: 1, attributes: deep(50) })],
  ['edits/apply', apply({ kind: 'annotation/setCrowd', id: 1, iscrowd: 2 })],
  ['edits/apply', apply({ kind: 'category/create', name: 'x'.repeat(30_000) })],
  ['draft/prompt', { promptId: 1, label: '', prompt: { points: [], scribbles: 3 } }],
  ['draft/prompt', { promptId: 1, label: '', prompt: { ...prompt, box: [0, 0, 1] } }],
  [
    'draft/prompt',
    {
      promptId: 1,
      label: '',
      prompt: { points: [{ at: { x: NaN, y: 0 }, label: 1 }], scribbles: [] },
    },
  ],
  [
    'draft/prompt',
    {
      promptId: 1,
      label: '',
      prompt: { points: [{ at: { x: 0, y: 0 }, label: 3 }], scribbles: [] },
    },
  ],
  ['segment/everything', { options: { pointsPerSide: 1e9 } }],
  ['command/run', { command: 7 }],
];

describe('guards of the page', () => {
  good.forEach(([method, params], i) => {
    it(`let ${method} number ${i} pass`, () => {
      assert.doesNotThrow(() => checkParams(method, params));
    });
  });

  bad.forEach(([method, params], i) => {
    it(`refuse ${method} number ${i}`, () => {
      assert.throws(
        () => checkParams(method, params),
        (error) => error instanceof DomainError && error.code === 'invalid-params',
      );
    });
  });

  const selection = { ids: [1], tool: 'box', hasDraft: false };
  const events: readonly [keyof PageEvents, unknown, boolean][] = [
    ['selection/changed', selection, true],
    ['selection/changed', { ...selection, inputFocused: true }, true],
    ['selection/changed', { ...selection, ids: ['1'] }, false],
    ['selection/changed', { ...selection, inputFocused: 1 }, false],
    ['log/write', { level: 'info', message: 'x' }, true],
    ['log/write', { level: 'dispose', message: 'x' }, false],
    ['page/ready', undefined, false],
  ];
  events.forEach(([event, data, expected], i) => {
    it(`${expected ? 'take' : 'ignore'} event ${event} number ${i}`, () => {
      assert.equal(isEventData(event, data), expected);
    });
  });
});

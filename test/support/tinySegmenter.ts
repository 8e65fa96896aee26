// A generated model with the exact contract of the built-in one, made of plain operators, whose right answer is known:
// the pixels whose colour is that of the positive prompts (or, for a box, differs from the colour around it), together
// with the previous mask, without those of the negative prompts' colour.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { node, onnxModel, tensor, valueInfo, dataType } from './onnx';

export interface TinyOptions {
  /** side of the square input; 64 keeps the tests quick */
  readonly size?: number;
  readonly logitsName?: string;
  readonly promptChannels?: number;
  /** repeats a 1:1 convolution so that a run takes long enough to be killed */
  readonly work?: number;
}

/** Bytes of the model. A colour counts as the same within 30 levels of mean absolute difference. */
export function tinySegmenterModel(options: TinyOptions = {}): Uint8Array {
  const { size = 64, logitsName = 'logits', promptChannels = 4, work = 0 } = options;
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  const op = (name: string, inputs: string[], output: string, attributes = {}): string => {
    nodes.push(node(name, inputs, output, attributes));
    return output;
  };
  const scalar = (name: string, value: number): string => {
    initializers.push(tensor(name, [], [value]));
    return name;
  };
  const list = (name: string, values: number[]): string => {
    initializers.push(tensor(name, [values.length], values, dataType.i64));
    return name;
  };
  const channelAxis = list('axis_c', [1]);
  const imageAxes = list('axes_hw', [2, 3]);
  const [one, zero, tau, tiny, half, far] = [
    scalar('one', 1), scalar('zero', 0), scalar('tau', 30), scalar('tiny', 1e-6), scalar('half', 0.5), scalar('far', -10),
  ]; // prettier-ignore
  const channel = (k: number, name: string): string =>
    op(
      'Slice',
      ['prompts', list(`${name}_from`, [k]), list(`${name}_to`, [k + 1]), channelAxis],
      name,
    );

  /** logits > 0 where the colour is the mean colour under the plane; 3 per 30 levels */
  const likeColourOf = (plane: string, name: string): { logits: string; any: string } => {
    op('Mul', ['image', plane], `${name}_in`);
    op('ReduceSum', [`${name}_in`, imageAxes], `${name}_sum`, { keepdims: 1 });
    op('ReduceSum', [plane, imageAxes], `${name}_count`, { keepdims: 1 });
    op('Add', [`${name}_count`, tiny], `${name}_count1`);
    op('Div', [`${name}_sum`, `${name}_count1`], `${name}_mean`);
    op('Sub', ['image', `${name}_mean`], `${name}_d`);
    op('Abs', [`${name}_d`], `${name}_ad`);
    op('ReduceMean', [`${name}_ad`], `${name}_dist`, { axes: [1], keepdims: 1 });
    op('Sub', [tau, `${name}_dist`], `${name}_near`);
    op('Div', [`${name}_near`, scalar(`${name}_scale`, 10)], `${name}_logits`);
    return {
      logits: `${name}_logits`,
      any: op('Greater', [`${name}_count`, half], `${name}_any`),
    };
  };

  const positive = likeColourOf(channel(0, 'positive'), 'pos');
  const negative = likeColourOf(channel(1, 'negative'), 'neg');
  const box = channel(2, 'box');
  const outside = likeColourOf(op('Sub', [one, box], 'outside'), 'out');
  op('Where', [positive.any, positive.logits, far], 'by_click');
  // box: unlike the colour outside it, inside it; "any" of the box itself
  op('ReduceSum', [box, imageAxes], 'box_count', { keepdims: 1 });
  op('Greater', ['box_count', half], 'box_any');
  op('Neg', [outside.logits], 'unlike');
  op('Greater', [box, half], 'in_box');
  op('Where', ['in_box', 'unlike', far], 'unlike_in_box');
  op('Where', ['box_any', 'unlike_in_box', far], 'by_box');
  op('Sub', [channel(3, 'previous'), half], 'previous_centred');
  op('Mul', ['previous_centred', scalar('gain', 8)], 'by_previous');
  op('Max', ['by_click', 'by_box', 'by_previous'], 'wanted');
  op('Neg', [negative.logits], 'unwanted');
  op('Where', [negative.any, 'unwanted', scalar('near', 10)], 'limit');
  let result = op('Min', ['wanted', 'limit'], 'limited');
  for (let k = 0; k < work; k++) result = op('Sin', [op('Asin', [op('Clip', [op('Mul', [result, scalar(`w${k}`, 0.05)], `a${k}`), scalar(`l${k}`, -1), one], `b${k}`)], `c${k}`)], `d${k}`); // prettier-ignore
  op('Add', [result, zero], logitsName);
  op('ReduceMax', [logitsName], 'highest', { axes: [2, 3], keepdims: 0 });
  op('Sigmoid', ['highest'], 'iou_predictions');
  return onnxModel({
    name: 'tiny_segmenter',
    nodes,
    initializers,
    inputs: [
      valueInfo('image', ['n', 3, size, size]),
      valueInfo('prompts', ['n', promptChannels, size, size]),
    ],
    outputs: [valueInfo(logitsName, ['n', 1, size, size]), valueInfo('iou_predictions', ['n', 1])],
  });
}

/**
 * Writes tiny.onnx and its manifest into `folder`.
 *
 * @returns the manifest's path, for ModelRef.manifest
 */
export async function writeTinySegmenter(
  folder: string,
  options: TinyOptions & { id?: string; manifest?: Record<string, unknown> } = {},
): Promise<string> {
  const bytes = tinySegmenterModel(options);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'tiny.onnx'), bytes);
  const manifest = {
    id: options.id ?? 'tiny',
    name: 'Tiny test model',
    family: 'early-fusion',
    file: 'tiny.onnx',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    inputSize: options.size ?? 64,
    diskRadius: 2,
    padColor: [124, 116, 104],
    zoom: { expand: 1.4, minSide: 16 },
    iouCalibration: { scale: 1, offset: 0 },
    ...options.manifest,
  };
  const file = path.join(folder, 'tiny.json');
  await writeFile(file, JSON.stringify(manifest));
  return file;
}

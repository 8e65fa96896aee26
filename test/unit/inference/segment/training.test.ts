// The engine must see images and prompts exactly as the network was trained on: golden values from training/predict.py.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decodedImage } from '../../../support/decodedImage';
import { cropImage, type Window } from '../../../../src/inference/image/window';
import { logitsToMask } from '../../../../src/inference/segment/logitsMask';
import { drawPrior } from '../../../../src/inference/segment/prior';
import { drawDisk } from '../../../../src/inference/segment/promptPlanes';
import { decodeRuns } from '../../../../src/shared/mask/bitmap';

interface Golden {
  readonly width: number;
  readonly height: number;
  readonly size: number;
  /** base64: uint8[height, width, 3] */
  readonly image: string;
  readonly crops: readonly { readonly window: number[]; readonly pixels: string }[];
  /** base64: float32[size, size] */
  readonly logits: string;
  readonly masks: readonly {
    readonly window: number[];
    readonly mask: string;
    readonly sure: string;
  }[];
  readonly disks: readonly { readonly radius: number; readonly pixels: string }[];
  readonly prior_window: number[];
  readonly priors: readonly { readonly window: number[]; readonly plane: string }[];
}

const golden = JSON.parse(readFileSync('test/fixtures/golden/crop.json', 'utf8')) as Golden;
const { width, height, size } = golden;
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const floats = (text: string): Float32Array => new Float32Array(bytes(text).buffer);
const windowOf = ([x0, y0, side]: number[]): Window => ({ x0: x0!, y0: y0!, side: side! });
const bit = (packed: Uint8Array, k: number): number => (packed[k >> 3]! >> (7 - (k & 7))) & 1;

describe('agreement with training/predict.py', () => {
  const logits = floats(golden.logits);

  for (const { window, pixels } of golden.crops) {
    it(`resamples the window ${window.join(', ')}`, () => {
      const image = decodedImage({ width, height, data: bytes(golden.image) });
      const crop = cropImage(image, windowOf(window), size, [124, 116, 104]);
      const expected = bytes(pixels);
      let sum = 0;
      let worst = 0;
      for (let k = 0; k < size * size; k++) {
        for (let c = 0; c < 3; c++) {
          const error = Math.abs(crop[c * size * size + k]! - expected[3 * k + c]!);
          sum += error;
          worst = Math.max(worst, error);
        }
      }
      const mean = sum / expected.length;
      // OpenCV places samples on a grid of 1/32 pixel.
      assert.ok(mean <= 0.25, `mean error ${mean}`);
      assert.ok(worst <= 2, `worst error ${worst}`);
    });
  }

  for (const { window, mask, sure } of golden.masks) {
    it(`finds the mask of the window ${window.join(', ')} at image resolution`, () => {
      const found = decodeRuns(logitsToMask(logits, size, windowOf(window), [height, width])).data;
      const [expected, isSure] = [bytes(mask), bytes(sure)];
      for (let k = 0; k < found.length; k++) {
        if (bit(isSure, k)) assert.equal(found[k], bit(expected, k), `pixel ${k}`);
      }
    });
  }

  for (const { radius, pixels } of golden.disks) {
    it(`draws a disk of radius ${radius}`, () => {
      const plane = { size: 25, data: new Float32Array(25 * 25) };
      drawDisk(plane, 12, 12, radius);
      assert.deepEqual([...plane.data], [...bytes(pixels)]);
    });
  }

  for (const { window, plane: expected } of golden.priors) {
    it(`feeds earlier logits back into the window ${window.join(', ')}`, () => {
      const plane = { size, data: new Float32Array(size * size) };
      const prior = {
        kind: 'logits',
        window: windowOf(golden.prior_window),
        logits,
        size,
      } as const;
      drawPrior(plane, windowOf(window), { ...prior, bbox: [0, 0, 1, 1], area: 1 }, [
        height,
        width,
      ]);
      const wanted = floats(expected);
      const errors = plane.data.map((value, k) => Math.abs(value - wanted[k]!));
      const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
      // Training mixes the outermost pixels with the background outside the earlier window.
      assert.ok(mean <= 0.025, `mean error ${mean}`);
    });
  }
});

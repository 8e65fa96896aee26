// A labeller without a model: boxes that depend on the image's name, and a change of every annotation.
import path from 'node:path';
import type { Labeller } from '../../src/host/jobs/labeller';

/** Proposes as many boxes as the last digit of the image's name says, and marks all annotations. */
export function countingLabeller(): Labeller {
  return {
    kind: 'prelabel',
    model: 'counting',
    options: 1,
    categories: ['lamp'],
    prepare: () => undefined,
    label: ({ path: file, annotations }) => {
      const digit = Number(/(\d)\D*$/u.exec(path.basename(file))?.[1] ?? 0);
      const box = (k: number) => [k * 10, k * 5, 8, 6] as const;
      return Promise.resolve({
        size: [480, 640],
        added: Array.from({ length: digit }, (_, k) => ({
          ...{ category: k % 2 ? 'mug' : 'lamp', bbox: box(k), area: 48, score: 0.5 },
          attributes: { text: `"${digit}"\n=1+1` },
          promptmark: { model: 'counting' },
        })),
        changed: annotations.map((before) => ({ before, after: { ...before, area: 1 } })),
      });
    },
  };
}

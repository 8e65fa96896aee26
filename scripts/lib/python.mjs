// Finds the Python of the independent COCO reader (test/support/checkCoco.py). Node built-ins only.
import { spawnSync } from 'node:child_process';

/** @returns name or path of a Python 3 that has numpy; undefined when there is none */
export function findPython() {
  // The one on PATH may be another than Debian's, without numpy.
  return ['python3', '/usr/bin/python3', 'python'].find((program) => {
    const { status } = spawnSync(program, ['-c', 'import numpy'], { stdio: 'ignore' });
    return status === 0;
  });
}

// Opens an ONNX session and checks it against what its family expects. Knows tensors, not images or masks.
import os from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { DomainError } from '../../shared/protocol/wire';
import { loadRuntime } from './runtime';

/** What a family expects of one input or output. null in `shape`: any size, a number: exactly this one. */
export interface TensorContract {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  readonly shape: readonly (number | null)[];
}

export interface SessionContract {
  /** named in error messages */
  readonly modelName: string;
  readonly family: string;
  readonly inputs: readonly TensorContract[];
  readonly outputs: readonly TensorContract[];
}

/** Row-major values with their dimensions. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface ModelSession {
  /**
   * One run; blocks this process until it is done.
   *
   * @param feeds every input of the contract; the arrays may be reused after the run
   * @returns every output of the contract, each a new array
   */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  release(): Promise<void>;
}

/**
 * @param bytes the .onnx file
 * @throws DomainError 'model-missing' when the file cannot be parsed or does not keep the contract;
 *   the message names model, tensor, expected and found
 */
export async function openSession(
  bytes: Uint8Array,
  contract: SessionContract,
): Promise<ModelSession> {
  const ort = await loadRuntime();
  const session = await create(bytes, contract);
  try {
    check('input', session.inputMetadata, contract.inputs, contract);
    check('output', session.outputMetadata, contract.outputs, contract);
  } catch (error) {
    await session.release();
    throw error;
  }
  const wanted = contract.outputs.map((output) => output.name);
  return {
    async run(feeds) {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { data, dims }]) => [
          name,
          new ort.Tensor('float32', data, dims),
        ]),
      );
      // Inputs and outputs as the contract of the family names them, e.g. earlyFusion.ts.
      const results = await session.run(tensors, wanted);
      return Object.fromEntries(
        wanted.map((name) => {
          const { data, dims } = results[name] as { data: Float32Array; dims: readonly number[] };
          return [name, { data, dims }];
        }),
      );
    },
    release: () => session.release(),
  };
}

async function create(
  bytes: Uint8Array,
  { modelName }: SessionContract,
): Promise<InferenceSession> {
  const ort = await loadRuntime();
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: Math.max(1, Math.min(4, physicalCores() - 1)),
      interOpNumThreads: 1,
      // Without the arena memory goes back to the system; the built-in graph is not slower (bench row segment/arena).
      enableCpuMemArena: false,
      logSeverityLevel: 3,
      // Spinning threads would take the cores from the editor between runs.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new DomainError(
      'model-missing',
      `The file of the model ${modelName} is damaged or of a kind this version cannot run. ` +
        'Your annotations are kept; install the model again or choose another one.',
      detail,
    );
  }
}

/** Half of the logical processors where each core runs two threads, which os cannot tell; so a guess from below. */
function physicalCores(): number {
  const logical = os.availableParallelism();
  return logical > 4 ? Math.floor(logical / 2) : logical;
}

function check(
  kind: 'input' | 'output',
  found: readonly InferenceSession.ValueMetadata[],
  expected: readonly TensorContract[],
  { modelName, family }: SessionContract,
): void {
  const fail = (tensor: string, wanted: string, got: string): never => {
    throw new DomainError(
      'model-missing',
      `The model ${modelName} does not fit the family "${family}": ${kind} ${tensor} should be ${wanted}, found ${got}. ` +
        'Choose the family that fits the file, or another model.',
    );
  };
  for (const { name, type, shape } of expected) {
    const wanted = `${type}[${shape.map((dim) => dim ?? '*').join(', ')}]`;
    const metadata = found.find((item) => item.name === name);
    if (!metadata) {
      fail(
        name,
        wanted,
        `no such ${kind} (there are: ${found.map((item) => item.name).join(', ')})`,
      );
    } else if (!metadata.isTensor) {
      fail(name, wanted, 'something that is no tensor');
    } else if (metadata.type !== type || !shapeFits(metadata.shape, shape)) {
      fail(name, wanted, `${metadata.type}[${metadata.shape.join(', ')}]`);
    }
  }
  if (kind !== 'input') return;
  const extra = found.find((item) => !expected.some(({ name }) => name === item.name));
  if (extra) fail(extra.name, 'absent', 'an input this family does not fill');
}

function shapeFits(
  found: readonly (number | string)[],
  expected: readonly (number | null)[],
): boolean {
  return (
    found.length === expected.length &&
    expected.every((dim, k) => dim === null || typeof found[k] === 'string' || found[k] === dim)
  );
}

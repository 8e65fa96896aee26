// Where this installation's parts are, and an engine of it. Tests pass their own.
import path from 'node:path';
import { EngineClient } from '../host/engine/engineClient';
import { DomainError } from '../shared/protocol/wire';
import type { CliIo } from './command';

export interface Installation {
  /** folder of package.json */
  readonly root: string;
  /** path of the inference process' script */
  readonly engineScript: string;
}

/** The installation this bundle (dist/cli.js) belongs to. */
export function ownInstallation(): Installation {
  return {
    root: path.resolve(__dirname, '..'),
    engineScript: path.join(__dirname, 'inference.js'),
  };
}

/**
 * Runs `work` with an engine that is stopped afterwards, and at once when the person interrupts the command.
 *
 * @throws DomainError 'cancelled' after an interruption
 */
export async function withEngine<T>(
  installation: Installation,
  io: CliIo,
  work: (engine: EngineClient) => Promise<T>,
): Promise<T> {
  const engine = new EngineClient({ script: installation.engineScript });
  const stop = (): void => engine.dispose();
  io.signal.addEventListener('abort', stop);
  try {
    if (io.signal.aborted) throw new DomainError('cancelled', 'Interrupted.');
    return await work(engine);
  } catch (error) {
    throw io.signal.aborted ? new DomainError('cancelled', 'Interrupted.') : error;
  } finally {
    io.signal.removeEventListener('abort', stop);
    engine.dispose();
  }
}

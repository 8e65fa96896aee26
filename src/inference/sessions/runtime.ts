// Loads onnxruntime-node, once, on first need. This folder is the only one that knows it.
import type * as Ort from 'onnxruntime-node';

export type OrtModule = typeof Ort;
let loaded: Promise<OrtModule> | undefined;

/**
 * The runtime with its telemetry off: from 1.30 on it writes a device id and calls home otherwise,
 * and reads the variable when its library is loaded.
 */
export function loadRuntime(): Promise<OrtModule> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  loaded ??= import('onnxruntime-node');
  return loaded;
}

/** Version and execution providers, for the handshake. */
export async function describeRuntime(): Promise<{
  ortVersion: string;
  providers: readonly string[];
}> {
  const ort = await loadRuntime();
  return {
    ortVersion: ort.env.versions.node ?? ort.env.versions.common,
    providers: ort.listSupportedBackends().map((backend) => backend.name),
  };
}

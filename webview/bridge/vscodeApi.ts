// The one place that touches VS Code's webview API.

export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  function acquireVsCodeApi(): VsCodeApi;
}

/** May be called once a page. */
export function acquireApi(): VsCodeApi {
  return acquireVsCodeApi();
}

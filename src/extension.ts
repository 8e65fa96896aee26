// Activation only: builds the services, which do nothing until an image is opened with the editor.
import { ExtensionMode, type ExtensionContext } from 'vscode';
import { startServices, type Promptmark } from './host/activate';
import { Disposables } from './host/platform/disposables';

/** What tests reach; nothing in normal use. */
export interface ExtensionApi {
  readonly testing?: Promptmark;
}

/** Called by VS Code when an image is opened with Promptmark or one of its commands is run. */
export function activate(context: ExtensionContext): ExtensionApi {
  const lifetime = new Disposables();
  context.subscriptions.push(lifetime);
  const testing = startServices(context, lifetime);
  return context.extensionMode === ExtensionMode.Test ? { testing } : {};
}

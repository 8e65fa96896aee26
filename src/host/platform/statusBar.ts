// The status bar item of the active editor: annotations, dataset, model, device.
import { StatusBarAlignment, ThemeColor, window, type Disposable } from 'vscode';
import type { ModelStatus } from '../../shared/protocol/editor';

export interface StatusContent {
  readonly annotations: number;
  readonly datasetName: string;
  readonly datasetPath: string;
  readonly model: ModelStatus;
  /** why nothing can be edited, if so */
  readonly readOnly: string | null;
}

export class StatusBar implements Disposable {
  private readonly item = window.createStatusBarItem(
    'promptmark.status',
    StatusBarAlignment.Right,
    100,
  );

  constructor() {
    this.item.name = 'Promptmark';
    this.item.command = 'promptmark.showActions';
  }

  /** @param content null: no Promptmark editor is active, so nothing is shown */
  show(content: StatusContent | null): void {
    if (!content) return this.item.hide();
    const { annotations, datasetName, datasetPath, model, readOnly } = content;
    const isBroken = model.state === 'failed' || model.state === 'stopped';
    const isBusy = model.state === 'loading' || model.state === 'busy';
    const icon = readOnly ? 'lock' : isBroken ? 'error' : isBusy ? 'sync~spin' : 'symbol-color';
    const device = isBroken ? 'Engine stopped' : model.device;
    const parts = [`${annotations}`, datasetName, model.name, device].filter(Boolean);
    this.item.text = `$(${icon}) ${parts.join(' · ')}`;
    const lines = [
      `${annotations} annotation${annotations === 1 ? '' : 's'} on this image`,
      datasetPath,
      [model.name, model.device, model.message].filter(Boolean).join(' · '),
      ...(readOnly ? [`Read-only: ${readOnly}`] : []),
    ];
    this.item.tooltip = lines.join('\n');
    this.item.accessibilityInformation = { label: `Promptmark: ${lines.join(', ')}` };
    this.item.backgroundColor = isBroken
      ? new ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}

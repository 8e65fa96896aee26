// The statistics pages: one panel a COCO file, found again after the window was reloaded.
import path from 'node:path';
import { Uri, ViewColumn, window, type Disposable, type WebviewPanel } from 'vscode';
import type { DatasetPort } from '../editor/datasetStore';
import { pageHtml } from '../editor/html';
import { Disposables } from '../platform/disposables';
import type { Log } from '../platform/log';
import type { DatasetProgress } from '../platform/datasetProgress';
import { StatisticsSession } from './statisticsSession';

export const STATISTICS_VIEW_TYPE = 'promptmark.statistics';

export interface StatisticsServices {
  readonly extensionUri: Uri;
  readonly port: DatasetPort;
  readonly progress: DatasetProgress;
  readonly log: Log;
}

export class StatisticsPanels implements Disposable {
  private readonly lifetime = new Disposables();
  private readonly panels = new Map<string, WebviewPanel>();

  constructor(private readonly services: StatisticsServices) {
    this.lifetime.add(
      window.registerWebviewPanelSerializer(STATISTICS_VIEW_TYPE, {
        deserializeWebviewPanel: async (panel, state) => {
          const dataset = datasetOf(state);
          if (dataset) this.attach(panel, dataset);
          else panel.dispose(); // it was closed before it knew its file
        },
      }),
    );
  }

  /** Shows the page of a file, the one there is or a new one. @param dataset absolute */
  show(dataset: string): WebviewPanel {
    const known = this.panels.get(dataset);
    if (known) {
      known.reveal();
      return known;
    }
    const title = `${path.basename(dataset)}: statistics`;
    const panel = window.createWebviewPanel(STATISTICS_VIEW_TYPE, title, ViewColumn.Active);
    this.attach(panel, dataset);
    return panel;
  }

  dispose(): void {
    for (const panel of this.panels.values()) panel.dispose();
    this.lifetime.dispose();
  }

  private attach(panel: WebviewPanel, dataset: string): void {
    const { extensionUri } = this.services;
    this.panels.set(dataset, panel);
    panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.svg');
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [Uri.joinPath(extensionUri, 'dist')],
    };
    const session = new StatisticsSession(panel.webview, dataset, this.services);
    panel.onDidDispose(() => {
      session.dispose();
      if (this.panels.get(dataset) === panel) this.panels.delete(dataset);
    });
    panel.webview.html = pageHtml(panel.webview, extensionUri, {
      name: 'statistics',
      title: 'Statistics',
    });
  }
}

/** What the page remembered, if it is what it should be. */
function datasetOf(state: unknown): string | null {
  const dataset = (state as { dataset?: unknown } | null | undefined)?.dataset;
  return typeof dataset === 'string' && path.isAbsolute(dataset) ? dataset : null;
}

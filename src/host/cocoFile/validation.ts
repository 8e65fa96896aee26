// Keeps the Problems panel in step with COCO files: those open as text, saved or not, and those of open editors.
import { stat } from 'node:fs/promises';
import { EventEmitter, workspace, type Disposable, type TextDocument } from 'vscode';
import { createCancelSource } from '../../shared/protocol/cancel';
import type { DatasetSummary, ValidationResult } from '../../shared/protocol/dataset';
import { DomainError, type CancelSignal } from '../../shared/protocol/wire';
import { Disposables } from '../platform/disposables';
import { stackOf, type Log } from '../platform/log';
import type { DatasetProblems } from '../platform/problems';
import { isCocoDocument, type CocoTexts } from './cocoTexts';

/** A pause in typing, before the text is looked at. */
const PAUSE_MS = 300;
/** Larger files are validated on the command line only: a save must not wait for it. */
const MOST_BYTES = 50 << 20;

const isCrash = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'internal';

interface Run {
  readonly cancel: () => void;
}

export class CocoValidation implements Disposable {
  private readonly lifetime = new Disposables();
  private readonly changed = this.lifetime.add(new EventEmitter<void>());
  private readonly runs = new Map<string, Run>();
  private readonly results = new Map<string, ValidationResult>();

  /** what is known of some file changed */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly texts: CocoTexts,
    private readonly problems: DatasetProblems,
    private readonly log: Log,
  ) {
    const { lifetime } = this;
    lifetime.add(workspace.onDidOpenTextDocument((document) => this.check(document)));
    lifetime.add(workspace.onDidSaveTextDocument((document) => this.check(document)));
    lifetime.add(
      workspace.onDidChangeTextDocument(({ document }) => this.check(document, PAUSE_MS)),
    );
    lifetime.add(workspace.onDidCloseTextDocument((document) => this.forget(document.uri.fsPath)));
    for (const document of workspace.textDocuments) this.check(document);
  }

  /** What the last validation of an open text found. */
  resultOf(document: TextDocument): ValidationResult | undefined {
    return this.results.get(document.uri.fsPath);
  }

  /** An editor's dataset was read: its errors are shown at once, all findings when they are known. */
  showDataset(summary: Pick<DatasetSummary, 'path' | 'errors'>): void {
    const { path, errors } = summary;
    this.problems.show(summary);
    if (this.results.has(path)) return; // open as text
    if (errors.length > 0) return this.runs.get(path)?.cancel();
    this.start(path, 0, async (signal) => {
      const { size } = await stat(path);
      if (size > MOST_BYTES) return;
      const { problems } = await this.texts.port.request('dataset/validate', { path }, signal);
      if (!signal.aborted) this.problems.show({ path, errors: problems });
    });
  }

  /** No editor uses the dataset any more. */
  forgetDataset(path: string): void {
    if (!this.results.has(path)) this.runs.get(path)?.cancel();
    this.problems.show({ path, errors: [] });
  }

  dispose(): void {
    for (const { cancel } of this.runs.values()) cancel();
    this.lifetime.dispose();
  }

  private check(document: TextDocument, delay = 0): void {
    const path = document.uri.fsPath;
    if (!isCocoDocument(document)) {
      if (this.results.has(path)) this.forget(path);
      return;
    }
    this.start(path, delay, async (signal) => {
      const result = await this.texts.ask('dataset/validate', document, {}, signal);
      if (signal.aborted || document.isClosed) return;
      this.results.set(path, result);
      // A results file is no dataset, and does not pretend to be one.
      const shown = result.problems.filter(({ rule }) => rule !== 'results-file');
      this.problems.showText(path, result.kind === 'other' ? [] : shown);
      this.changed.fire();
    });
  }

  private forget(path: string): void {
    if (!this.results.delete(path)) return;
    this.runs.get(path)?.cancel();
    this.problems.showText(path, null);
    this.changed.fire();
  }

  /** Starts work on a file, in place of what is under way. */
  private start(path: string, delay: number, work: (signal: CancelSignal) => Promise<void>): void {
    this.runs.get(path)?.cancel();
    const { signal, cancel } = createCancelSource();
    const timer = setTimeout(() => {
      // After a crash of the worker the next request has a new one.
      work(signal)
        .catch((error: unknown) => (isCrash(error) ? work(signal) : Promise.reject(error as Error)))
        .catch((error: unknown) => {
          if (!(error instanceof DomainError)) this.log.error(stackOf(error));
          else if (error.code !== 'cancelled') this.log.warn(`${path}: ${error.message}`);
        })
        .finally(() => {
          if (this.runs.get(path) === run) this.runs.delete(path);
        });
    }, delay);
    const run: Run = {
      cancel: () => {
        clearTimeout(timer);
        cancel();
        if (this.runs.get(path) === run) this.runs.delete(path);
      },
    };
    this.runs.set(path, run);
  }
}

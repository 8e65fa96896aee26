// Registers what COCO files open as text get: problems, fixes, lenses, hover, definition, outline.
import { languages } from 'vscode';
import type { Disposables } from '../platform/disposables';
import { COCO_SELECTOR, type CocoTexts } from './cocoTexts';
import { CocoEntries } from './entryProviders';
import { CocoFixes } from './fixes';
import { CocoLenses } from './lenses';
import type { CocoValidation } from './validation';

/** `lifetime` ends them. They ask the dataset worker, which starts with the first COCO file. */
export function registerCocoFiles(
  texts: CocoTexts,
  validation: CocoValidation,
  lifetime: Disposables,
): void {
  const entries = new CocoEntries(texts);
  const fixes = new CocoFixes(texts, validation);
  const options = { providedCodeActionKinds: fixes.kinds };
  for (const registration of [
    languages.registerCodeActionsProvider(COCO_SELECTOR, fixes, options),
    languages.registerCodeLensProvider(COCO_SELECTOR, new CocoLenses(texts, validation)),
    languages.registerHoverProvider(COCO_SELECTOR, entries),
    languages.registerDefinitionProvider(COCO_SELECTOR, entries),
    languages.registerDocumentSymbolProvider(COCO_SELECTOR, entries, { label: 'COCO' }),
  ]) {
    lifetime.add(registration);
  }
}

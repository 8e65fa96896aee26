// Commands that only tell the page of the active editor what to do. Ids follow the page's names with dots.
import type { PageCommand, ToolId } from '../../shared/protocol/editor';
import { requireEditor, type Command } from './command';

/** Exhaustive: a new page command does not compile until it has a VS Code command. */
const forwarded: Readonly<Record<Exclude<PageCommand, 'tool/select' | 'annotation/select'>, true>> =
  {
    'view/fit': true,
    'view/actualSize': true,
    'view/zoomIn': true,
    'view/zoomOut': true,
    'view/zoomToSelection': true,
    'view/toggleMasks': true,
    'draft/accept': true,
    'draft/cancel': true,
    'draft/removeLastPrompt': true,
    'draft/nextCandidate': true,
    'annotation/delete': true,
    'annotation/selectNext': true,
    'annotation/selectPrevious': true,
    'annotation/hide': true,
    'annotation/lock': true,
    'annotation/raise': true,
    'annotation/lower': true,
    'annotation/union': true,
    'annotation/subtract': true,
    'annotation/intersect': true,
    'category/pick': true,
    'category/assign': true,
    'brush/larger': true,
    'brush/smaller': true,
    'caption/focus': true,
    'panel/toggle': true,
  };

const tools: Readonly<Record<ToolId, true>> = {
  select: true,
  point: true,
  box: true,
  scribble: true,
  brush: true,
  eraser: true,
  polygon: true,
  hand: true,
};

/** `promptmark.view.fit`, `promptmark.tool.box`, … */
export const pageCommands: readonly Command[] = [
  ...(Object.keys(forwarded) as PageCommand[]).map((command): Command => ({
    id: `promptmark.${command.replace('/', '.')}`,
    run: (services, argument) => requireEditor(services).run(command, argument),
  })),
  ...(Object.keys(tools) as ToolId[]).map((tool): Command => ({
    id: `promptmark.tool.${tool}`,
    run: (services) => requireEditor(services).run('tool/select', { tool }),
  })),
];

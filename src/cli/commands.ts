// The registry of commands; src/cli.ts finds them by name. A new command is one line here.
import { applyCommand } from './apply';
import { captionCommand } from './caption';
import type { Command } from './command';
import { convertCommand } from './convert';
import { diffCommand } from './diff';
import { evalClicksCommand } from './evalClicks';
import { filterCommand } from './filter';
import { fixCommand } from './fix';
import { indexCommand } from './indexFile';
import { ownInstallation } from './installation';
import { labelCommand } from './label';
import { mergeCommand } from './merge';
import { mergeDriverCommand } from './mergeDriver';
import { segmentCommand } from './segment';
import { splitCommand } from './split';
import { statsCommand } from './stats';
import { validateCommand } from './validate';

export const commands: readonly Command[] = [
  segmentCommand(ownInstallation()),
  captionCommand(ownInstallation()),
  labelCommand('prelabel', ownInstallation()),
  labelCommand('resegment', ownInstallation()),
  applyCommand,
  evalClicksCommand(ownInstallation()),
  validateCommand,
  fixCommand,
  statsCommand,
  convertCommand,
  diffCommand,
  mergeCommand,
  splitCommand,
  filterCommand,
  indexCommand,
  mergeDriverCommand,
];

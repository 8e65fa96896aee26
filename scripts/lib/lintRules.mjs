// Our own ESLint rules.
import path from 'node:path';
import { importProblem } from './importTable.mjs';
import { root } from './paths.mjs';

/** Holds every import, types included, against the import table of ARCHITECTURE.md. */
const importTable = {
  create(context) {
    const file = path.relative(root, context.filename).replaceAll('\\', '/');
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const isPackage = !specifier.startsWith('.');
      const target = isPackage
        ? specifier
        : path.posix.join(path.posix.dirname(file), specifier).replace(/\.(js|ts)$/, '');
      const message = importProblem(file, target, { isPackage });
      if (message) context.report({ node: node.source, message: `${message} (ARCHITECTURE.md)` });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

const isFunction = (node) => /^(Arrow)?Function(Declaration|Expression)?/.test(node.type);

/**
 * Functions of at most 40 lines, without blank lines, comments, and the functions inside: a factory that
 * returns an object with methods is as long as its own code, like a class.
 */
const functionLines = {
  create(context) {
    const { sourceCode } = context;
    const comments = new Set();
    for (const { loc } of sourceCode.getAllComments()) {
      const isWhole = !sourceCode.lines[loc.start.line - 1].slice(0, loc.start.column).trim();
      for (let line = loc.start.line; isWhole && line <= loc.end.line; line++) comments.add(line);
    }
    const isCode = (line) => sourceCode.lines[line - 1].trim() && !comments.has(line);
    const codeLines = (first, last) => {
      let count = 0;
      for (let line = first; line <= last; line++) if (isCode(line)) count++;
      return count;
    };
    const open = [];
    const leave = (node) => {
      const nested = open.pop();
      const { start, end } = node.loc;
      const all = codeLines(start.line, end.line);
      const own = all - nested;
      // Its first line belongs to the function around it.
      if (open.length) open[open.length - 1] += Math.max(0, all - 1);
      const message = `This function has ${own} lines of its own; 40 are allowed.`;
      if (own > 40) context.report({ loc: { start, end: start }, message });
    };
    return {
      '*': (node) => isFunction(node) && open.push(0),
      '*:exit': (node) => isFunction(node) && leave(node),
    };
  },
};

export const lintRules = { 'import-table': importTable, 'function-lines': functionLines };

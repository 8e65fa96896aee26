// One set of rules for all of the repository; what differs by folder is the import table (scripts/lib).
import tseslint from 'typescript-eslint';
import { lintRules } from './scripts/lib/lintRules.mjs';
import { root } from './scripts/lib/paths.mjs';

export default tseslint.config(
  {
    ignores: [
      ...['dist/', 'out/', 'node_modules/', '.promptmark/', '.vscode-test/'],
      ...['training/', 'media/', 'samples/'],
    ],
  },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.cjs'],
    plugins: { promptmark: { rules: lintRules } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'promptmark/function-lines': 'error',
      eqeqeq: ['error', 'smart'],
      'prefer-const': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      'promptmark/import-table': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // A promise may be handed to whoever ignores results (events, timers): floating ones are caught above.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/unbound-method': 'off', // our factories return objects that do without `this`
      '@typescript-eslint/require-await': 'off', // interfaces decide what is asynchronous
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowArray: true },
      ],
      '@typescript-eslint/no-redundant-type-constituents': 'off', // `keyof Methods & string` is meant
    },
  },
  {
    files: ['test/**/*'],
    rules: {
      // Tables of cases.
      'promptmark/function-lines': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
    },
  },
);

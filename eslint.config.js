import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '.venv/',
      'bench/',
      'build/',
      'dist/',
      'jupyter_roboflow/',
      'labextension/lib/',
      'labextension/static/',
      'server_ext/jupyter_roboflow_server/static/',
      'widgets/lib/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['widgets/src/**', 'labextension/src/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // The size budget: aim at 150 lines a file and 12 a function; these are the hard limits.
      complexity: ['error', 10],
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 60 }],
    },
  },
  {
    // What people read goes through JupyterLab's translator: tests/test_translations.py looks at the rest of it.
    files: ['labextension/src/**/*.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          'JSXText[value=/\\p{L}/u]',
          'JSXElement > JSXExpressionContainer > Literal[value=/\\p{L}/u]',
          'JSXElement > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=/\\p{L}/u]',
          'JSXAttribute[name.name=/^(title|alt|label|placeholder|aria-label|aria-description|shown|none)$/] > Literal[value=/\\p{L}/u]',
        ].map((selector) => ({ selector, message: 'Say it by trans.__(…): people read it in their language.' })),
      ],
    },
  },
  {
    // Tables of texts: lists, not functions anybody reads as one.
    files: ['labextension/src/server-texts/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx'],
    // The body of a `describe` is a list of tests, not a function anybody reads as one.
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // The engine runs without a page: only its canvas touches the DOM.
    files: ['widgets/src/engine/**'],
    ignores: ['widgets/src/engine/canvas.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['document', 'window', 'navigator', 'localStorage', 'fetch', 'XMLHttpRequest', 'requestAnimationFrame'],
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { console: 'readonly', module: 'writable', process: 'readonly' } },
  },
);

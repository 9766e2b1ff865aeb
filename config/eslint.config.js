import tseslint from 'typescript-eslint'

/** No warnings level: a rule is an error, or it is not here. */
export default tseslint.config(
  { ignores: ['dist/**', 'data/**', '.checked-views/**', 'node_modules/**', 'views/assets/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: `${import.meta.dirname}/..` } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      complexity: ['error', 8],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }], // a query takes who is asking, even where everyone sees the same
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read once, in config/index.ts.' },
      ],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off', // view<Page> and query<Row> name the type of a template or a row
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['test/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-params': 'off',
      complexity: 'off',
      'no-console': 'off',
      'no-restricted-properties': 'off',
    },
  },
  { files: ['config/index.ts', 'config/vitest*.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
)

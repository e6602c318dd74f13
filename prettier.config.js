export default {
  printWidth: 120,
  singleQuote: true,
  overrides: [{ files: ['*.md', '*.json', '*.yaml', '*.yml'], options: { singleQuote: false } }],
};

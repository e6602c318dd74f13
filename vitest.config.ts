import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['widgets/src/**/*.test.{ts,tsx}', 'labextension/src/**/*.test.{ts,tsx}'],
    environment: 'node',
    restoreMocks: true,
  },
});

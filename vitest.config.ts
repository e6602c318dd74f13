import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['widgets/src/**/*.test.{ts,tsx}', 'labextension/src/**/*.test.{ts,tsx}'],
    environment: 'node',
    restoreMocks: true,
    testTimeout: 60_000, // a net under a test that hangs: a busy machine takes its time
    hookTimeout: 60_000,
  },
});

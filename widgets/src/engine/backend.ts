/** Whoever holds the data. Hosts hand one in: REST in JupyterLab, messages to the kernel in a notebook elsewhere. */
export interface Backend {
  /** Whether the other side answers; never throws. */
  health(): Promise<Health>;
}

export type Health = { readonly state: 'live' } | { readonly state: 'unreachable'; readonly reason: string };

/** One sentence for people. */
export function describeHealth(health: Health): string {
  return health.state === 'live'
    ? 'The server extension is running.'
    : `The server extension does not answer: ${health.reason}`;
}

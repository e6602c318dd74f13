import { describeHealth, type Health } from '../engine/index.js';

/** Which version this is and whether its server answers. */
export function About({ version, health }: { version: string; health: Health }) {
  return (
    <div className="rf-about">
      <p>jupyter-roboflow {version}</p>
      <p role="status" data-health={health.state}>
        {describeHealth(health)}
      </p>
    </div>
  );
}

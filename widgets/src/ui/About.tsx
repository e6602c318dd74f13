import type { Health } from '../engine/index.js';
import { useWords } from './words.js';

/** Which version this is and whether its server answers. */
export function About({ version, health }: { version: string; health: Health }) {
  const trans = useWords();
  return (
    <div className="rf-about">
      <p>jupyter-roboflow {version}</p>
      <p role="status" data-health={health.state}>
        {health.state === 'live'
          ? trans.__('The server extension is running.')
          : trans.__('The server extension does not answer: %1', health.reason)}
      </p>
    </div>
  );
}

/** A door to the server while it is still being found out whether it has the images: questions do not wait for that. */
import type { Ask } from './door.js';

/**
 * What only asks goes to the server at once, and again to the kernel when the server is not the one; what changes
 * something waits until it is known.
 */
export function eitherDoor(server: Ask, kernel: Ask, isRight: Promise<boolean>): Ask {
  const right = async (): Promise<Ask> => ((await isRight) ? server : kernel);
  return async (question) => {
    if (question.method !== 'GET') return (await right())(question);
    const early = server(question);
    // Of the wrong server it does not matter what it says.
    early.catch(() => undefined);
    return (await isRight) ? early : kernel(question);
  };
}

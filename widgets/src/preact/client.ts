/** `react-dom/client` in the bundles of notebooks. */
import { options, render, type ComponentChild } from 'preact';

/** More steps than an edit takes from its promise to the next until it is in the journal and on its way to the server. */
const STEPS = 20;

/**
 * Components are drawn anew when what was changed has been sent off, and still before the next key or pointer comes: a
 * task of its own could come after it, to a component that does not know yet what was typed.
 */
options.debounceRendering = (draw) => {
  void (async () => {
    for (let step = 0; step < STEPS; step++) await Promise.resolve();
    draw();
  })();
};

export function createRoot(place: Element) {
  return {
    render: (shown: ComponentChild) => {
      render(shown, place);
    },
    unmount: () => {
      render(null, place);
    },
  };
}

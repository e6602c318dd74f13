/** `react-dom/client` in the bundles of notebooks. */
import { render, type ComponentChild } from 'preact';

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

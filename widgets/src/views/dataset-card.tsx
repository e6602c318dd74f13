import type { AnyModel, RenderProps } from '@anywidget/types';
import { createRoot } from 'react-dom/client';
import type { DatasetSummary } from '../engine/index.js';
import { DatasetCard } from '../ui/index.js';
import './dataset-card.css';

/** The traits of the Python widget of the same name. */
type Traits = DatasetSummary & Record<string, unknown>;

const TRAITS = ['name', 'images', 'seen', 'labels'] as const;

function render({ model, el }: RenderProps<Traits>): () => void {
  const root = createRoot(el);
  const draw = () => {
    root.render(<DatasetCard summary={summaryOf(model)} />);
  };
  for (const trait of TRAITS) model.on(`change:${trait}`, draw);
  draw();
  return () => {
    for (const trait of TRAITS) model.off(`change:${trait}`, draw);
    root.unmount();
  };
}

function summaryOf(model: AnyModel<Traits>): DatasetSummary {
  return { name: model.get('name'), images: model.get('images'), seen: model.get('seen'), labels: model.get('labels') };
}

export default { render };

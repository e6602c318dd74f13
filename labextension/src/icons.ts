import { LabIcon } from '@jupyterlab/ui-components';

const svg = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24" aria-hidden="true">${inside}</svg>`;

/** A picture with a box around something in it. */
export const datasetIcon = new LabIcon({
  name: 'roboflow:dataset',
  svgstr: svg(
    '<path class="jp-icon3" fill="#616161" fill-rule="evenodd" d="M4 3h16a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm0 2v14h16V5z"/>' +
      '<path class="jp-icon3" fill="#616161" d="M7 8h2v2H7zm8 0h2v2h-2zM7 14h2v2H7zm8 0h2v2h-2zM9 8.5h6v1H9zm0 6h6v1H9zM7.5 10h1v4h-1zm8 0h1v4h-1z"/>',
  ),
});

export const uploadIcon = new LabIcon({
  name: 'roboflow:upload',
  svgstr: svg('<path class="jp-icon3" fill="#616161" d="M5 20h14v-2H5zM12 4l-6 6h4v6h4v-6h4z"/>'),
});

export const downloadIcon = new LabIcon({
  name: 'roboflow:download',
  svgstr: svg('<path class="jp-icon3" fill="#616161" d="M5 20h14v-2H5zM19 10h-4V4H9v6H5l7 7z"/>'),
});

export const importIcon = new LabIcon({
  name: 'roboflow:import',
  svgstr: svg(
    '<path class="jp-icon3" fill="#616161" d="M20 6h-8l-2-2H4a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2zm-8 11-4-4h3V9h2v4h3z"/>',
  ),
});

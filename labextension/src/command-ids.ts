/** The ids of the panel's commands; the settings schema names the same. */
export const ids = {
  about: 'roboflow:about',
  showDatasets: 'roboflow:show-datasets',
  createDataset: 'roboflow:create-dataset',
  openDataset: 'roboflow:open-dataset',
  renameDataset: 'roboflow:rename-dataset',
  uploadImages: 'roboflow:upload-images',
  uploadFolder: 'roboflow:upload-folder',
  import: 'roboflow:import',
  export: 'roboflow:export',
  openInNotebook: 'roboflow:open-in-notebook',
  addFilesToDataset: 'roboflow:add-files-to-dataset',
  importFile: 'roboflow:import-file',
  focusQuery: 'roboflow:focus-query',
  selectAllImages: 'roboflow:select-all-images',
  deleteImages: 'roboflow:delete-images',
  showJobs: 'roboflow:show-jobs',
} as const;

// Who may import whom in TypeScript. Imports for a type count like any other.
const never = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'all-found', severity: 'error', from: {}, to: { couldNotResolve: true } },
    // rbush, the spatial index, is the one package the engine may use.
    never(
      'engine-knows-no-host',
      '^widgets/src/engine/(?!.*\\.test\\.)',
      '^widgets/src/(ui|views)/|^labextension/|node_modules/(?!rbush/)',
    ),
    never('shapes-are-leaves', '^widgets/src/engine/shapes/(?!.*\\.test\\.)', '^widgets/src/engine/(?!shapes/)'),
    never('render-never-sees-tools', '^widgets/src/engine/render', '^widgets/src/engine/tools/'),
    never(
      'values-never-see-the-editor',
      '^widgets/src/engine/(document|history|camera|hit-test|input|annotation)\\.ts$',
      '^widgets/src/engine/(editor|session|canvas|render|tools)',
    ),
    // tools/index.ts is the list, so it alone may see every tool.
    never(
      'tools-never-see-each-other',
      '^widgets/src/engine/tools/(?!index\\.|.*\\.test\\.)',
      '^widgets/src/engine/tools/(?!tool\\.ts)',
    ),
    never('ui-knows-no-host', '^widgets/src/ui/', '^widgets/src/views/|^labextension/|@jupyter|anywidget'),
    never('lab-uses-entry-points', '^labextension/src/', '^widgets/(src|lib)/(?!(engine|ui)/index)'),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    doNotFollow: { path: ['node_modules', '^widgets/lib'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};

import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Api } from './api.js';
import { ids } from './command-ids.js';
import { addCommands } from './commands.js';
import { Documents } from './documents.js';
import { addFileCommands } from './file-browser.js';
import { Changes, type Host, type Preferences } from './host.js';
import { announceJobs } from './jobs/announce.js';
import { JobWatch } from './jobs/job-watch.js';
import { addStatusItem } from './jobs/status-item.js';
import { Rest } from './rest.js';
import { SidebarWidget } from './sidebar/sidebar-widget.js';
import { Store } from './store.js';
import type { Me } from './wire.js';

const ID = '@jupyter-roboflow/labextension:plugin';

const plugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Annotate, check, augment and export image datasets.',
  autoStart: true,
  optional: [
    ITranslator,
    ICommandPalette,
    ILauncher,
    ILayoutRestorer,
    ISettingRegistry,
    IFileBrowserFactory,
    IStatusBar,
  ],
  activate(
    app: JupyterFrontEnd,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    restorer: ILayoutRestorer | null,
    registry: ISettingRegistry | null,
    files: IFileBrowserFactory | null,
    statusBar: IStatusBar | null,
  ) {
    const host = makeHost(app, translator ?? nullTranslator);
    const { trans } = host;
    const documents = new Documents(app.shell, host);
    addCommands(app, host, documents, palette);
    const sidebar = new SidebarWidget(host);
    app.shell.add(sidebar, 'left', { rank: 150 });
    restorer?.add(sidebar, sidebar.id);
    if (restorer) documents.restore(restorer);
    launcher?.add({
      command: ids.createDataset,
      category: trans.__('Other'),
      args: { isLauncher: true },
      rank: 1,
    });
    if (files) addFileCommands(app, host, documents, files);
    if (statusBar) addStatusItem(statusBar, host);
    announceJobs(host);
    if (registry) void followSettings(registry, host);
  },
};

function makeHost(app: JupyterFrontEnd, translator: ITranslator): Host {
  const api = new Api(new Rest(app.serviceManager.serverSettings));
  const preferences = new Store<Preferences>({ thumbnailSize: 160, jobInterval: 1 });
  const me = new Store<Me | undefined>(undefined);
  api.me().then(
    (found) => {
      me.set(found);
    },
    () => undefined, // whatever needs it says so itself
  );
  return {
    api,
    trans: translator.load('jupyter_roboflow'),
    commands: app.commands,
    jobs: new JobWatch(api, () => preferences.get().jobInterval * 1000),
    changes: new Changes(),
    preferences,
    current: new Store<number | undefined>(undefined),
    me,
  };
}

async function followSettings(registry: ISettingRegistry, { preferences }: Host): Promise<void> {
  const settings = await registry.load(ID);
  const follow = () => {
    const { thumbnailSize, jobInterval } = settings.composite as Partial<Preferences>;
    const before = preferences.get();
    preferences.set({
      thumbnailSize: thumbnailSize ?? before.thumbnailSize,
      jobInterval: jobInterval ?? before.jobInterval,
    });
  };
  settings.changed.connect(follow);
  follow();
}

export default plugin;

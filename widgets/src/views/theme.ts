/** Whether the page around is dark: JupyterLab, Notebook, VS Code and Colab say so, else the system does. */
export function isDark(page: Document): boolean {
  const { body, documentElement } = page;
  const { jpThemeLight, vscodeThemeKind } = body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === 'false';
  if (vscodeThemeKind !== undefined)
    return vscodeThemeKind.includes('dark') || vscodeThemeKind === 'vscode-high-contrast';
  const colab = documentElement.getAttribute('theme');
  if (colab !== null) return colab === 'dark';
  return page.defaultView?.matchMedia('(prefers-color-scheme: dark)').matches ?? false;
}

/** Mark an element as being on a dark page for as long as it is; the answer ends it. */
export function followTheme(element: HTMLElement): () => void {
  const page = element.ownerDocument;
  const mark = () => {
    element.dataset.rfTheme = isDark(page) ? 'dark' : 'light';
  };
  const changes = new MutationObserver(mark);
  changes.observe(page.body, { attributes: true });
  changes.observe(page.documentElement, { attributes: true, attributeFilter: ['theme'] });
  const system = page.defaultView?.matchMedia('(prefers-color-scheme: dark)');
  system?.addEventListener('change', mark);
  mark();
  return () => {
    changes.disconnect();
    system?.removeEventListener('change', mark);
  };
}

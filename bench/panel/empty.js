// The floor: a panel of JupyterLab with nothing in it but room to scroll, a button and a line of text.
window.emptyPanel = () => {
  const { shell } = window.jupyterapp;
  let Widget = shell.constructor;
  while (Object.getPrototypeOf(Widget) !== Function.prototype) Widget = Object.getPrototypeOf(Widget);
  const node = document.createElement('div');
  node.style.overflow = 'auto';
  node.innerHTML = '<button>Other tab</button><p tabindex="0">0</p><div style="height: 400000px"></div>';
  const line = node.querySelector('p');
  node.querySelector('button').onclick = () => { line.textContent = 'other'; };
  line.onkeydown = () => { line.textContent = String(Number(line.textContent) + 1 || 1); };
  const widget = new Widget({ node });
  widget.id = 'bench-empty';
  widget.title.label = 'Empty';
  widget.title.closable = true;
  shell.add(widget, 'main');
  shell.activateById(widget.id);
};
window.emptyText = () => document.querySelector('#bench-empty p')?.textContent;

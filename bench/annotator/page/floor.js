// The floor: the photo by drawImage, every shape by a fill and a stroke, all anew in each requestAnimationFrame in which
// something changed. No index, no cache, no hit test, nothing is ever saved.
const query = new URLSearchParams(location.search);
const canvas = document.querySelector('canvas');
const context = canvas.getContext('2d');
[canvas.width, canvas.height] = [Number(query.get('width')), Number(query.get('height'))];
const zoom = 0.96 * Math.min(canvas.width / 3000, canvas.height / 2000);
const offset = { x: canvas.width / 2 - 1500 * zoom, y: canvas.height / 2 - 1000 * zoom };
const moved = { x: 0, y: 0 };
let number = 1;
let photo, shapes, colors, request, hand, ahead;

function draw() {
  request = undefined;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(photo, offset.x, offset.y, 3000 * zoom, 2000 * zoom);
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  for (let i = 0; i < shapes.length; i++) {
    const { label, box, points } = shapes[i];
    const isMoved = i === shapes.length - 1;
    const [dx, dy] = [offset.x + (isMoved ? moved.x : 0), offset.y + (isMoved ? moved.y : 0)];
    context.fillStyle = colors[label].fill;
    context.strokeStyle = colors[label].stroke;
    context.beginPath();
    if (box) context.rect(box[0] * zoom + dx, box[1] * zoom + dy, box[2] * zoom, box[3] * zoom);
    else {
      for (let p = 0; p < points.length; p += 2) context.lineTo(points[p] * zoom + dx, points[p + 1] * zoom + dy);
      context.closePath();
    }
    context.fill();
    context.stroke();
  }
}

function schedule() {
  request ??= requestAnimationFrame(draw);
}

async function load(which) {
  const [bytes, set] = await Promise.all([
    fetch(`photo-${which}.jpg`).then((answer) => answer.blob()),
    fetch(`shapes-${query.get('n')}-${which}.json`).then((answer) => answer.json()),
  ]);
  return { photo: await createImageBitmap(bytes), set };
}

function show(loaded) {
  photo = loaded.photo;
  shapes = loaded.set.shapes;
  colors = loaded.set.colors;
  schedule();
}

canvas.addEventListener('pointerdown', (event) => {
  hand = { x: event.clientX, y: event.clientY, what: event.shiftKey ? offset : moved };
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener('pointermove', (event) => {
  if (hand === undefined) return;
  hand.what.x += event.clientX - hand.x;
  hand.what.y += event.clientY - hand.y;
  [hand.x, hand.y] = [event.clientX, event.clientY];
  schedule();
});
canvas.addEventListener('pointerup', () => { hand = undefined; });
window.addEventListener('keydown', async (event) => {
  if (event.key === 'c') show(await load(++number));
  if (event.key === 'n') show(ahead);
});
// What a page with the next image at hand would have to do is to draw it.
window.loadAhead = async () => { ahead = await load(++number); };
load(number).then(show);
